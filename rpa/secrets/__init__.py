"""Secret stores: a name goes in, a credential comes out."""
