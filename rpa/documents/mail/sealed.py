"""Mail whose content is packed so that it can't be read: it is refused, for what is in it would be lost."""

from rpa.errors import DocumentProblem


def refuse_sealed(kind: str, name: str) -> None:
    """Raise `DocumentProblem` for a part of the MIME type *kind* that hides the rest of its mail.

    Encrypted mail is that of RFC 8551 (S/MIME) and RFC 3156 (PGP); `winmail.dat` is what Outlook packs all files
    of a mail into where it takes the receiver for another Outlook.
    """
    if kind in {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}:
        raise DocumentProblem(
            "needs-password", "the mail is encrypted or sealed; open it in its program and save what is in it"
        )
    if kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or name.casefold() == "winmail.dat":
        raise DocumentProblem(
            "unexpected",
            "its files are packed in winmail.dat, which is not read; have it sent as HTML",
        )
