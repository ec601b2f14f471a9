"""The claims of one round, and what the systems must hold of each in the end."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HEADINGS = ("Claim No", "Member", "Name", "SSN", "Amount", "Lost on")


@dataclass(frozen=True)
class Claim:
    """One claim. Names have accents and apostrophes, numbers have leading zeros."""

    number: str
    member: str
    name: str
    ssn: str
    amount: str

    @classmethod
    def of(cls, round_number: int, index: int) -> "Claim":
        """Return the claim *index* of a round; no two rounds share a reference."""
        serial = f"{index:04}"
        return cls(
            number=f"CL-{round_number:03}{index:03}",
            member=f"00{round_number:02}{index:03}"[:7],
            name=f"Zoë D'Angelo {chr(65 + index % 26)}",
            ssn=f"536-90-{int(serial) + 1000}",
            amount=f"{100 + index}.{index % 100:02}",
        )

    def row(self) -> Sequence[str]:
        """Return the claim as a line of the list."""
        return (self.number, self.member, self.name, self.ssn, self.amount, "2026-01-02")

    def expected(self, system: str) -> Mapping[str, str]:
        """Return the columns of the system's own database that have to say so."""
        if system == "benefits":
            return {
                "claim_no": self.number,
                "member_no": self.member,
                "name": self.name,
                "amount": self.amount,
                "lost_on": "2026-01-02",
                "loss_type": "Storm",
                "plan": "Basic",
            }
        return {
            "claim_number": self.number,
            "payee_name": self.name,
            "ssn": self.ssn,
            "amount": self.amount,
            "county": "Lake",
        }


def write_list(path: Path, claims: Sequence[Claim]) -> None:
    """Write the list that the bot reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADINGS)
        lines.writerows(claim.row() for claim in claims)
