"""Nobody watches: forms come by folder, mailbox and upload while workers are killed: `make demo-unattended`."""
