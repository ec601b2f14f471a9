"""Paper claims as a clerk would type them into the benefits system, and what it should hold then."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.projects import ROOT

CLAIMS = ROOT / "fixtures" / "forms" / "claims"
FORMS = ("claim_01.pdf", "claim_02.pdf", "claim_08.pdf")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim: its form, and its values as canonical texts."""

    form: Path
    number: str
    member: str
    name: str
    lost_on: date
    kind: str
    plan: str
    amount: Decimal
    urgent: bool
    story: str

    def stored(self) -> dict[str, str]:
        """Return what the benefits system should hold, by its column."""
        return {
            "claim_no": self.number,
            "member_no": self.member,
            "name": self.name,
            "lost_on": self.lost_on.isoformat(),
            "loss_type": self.kind,
            "plan": self.plan,
            "amount": f"{self.amount:.2f}",
            "urgent": "Yes" if self.urgent else "No",
            "what_happened": self.story,
            "form_name": self.form.name,
        }


def claims() -> list[Claim]:
    """Return the claims that are entered: three that nothing is wrong with."""
    truth = json.loads((CLAIMS / "truth.json").read_text("utf-8"))
    return [_claim(name, truth[name]["fields"], truth[name]["member"]) for name in FORMS]


def _claim(form: str, fields: dict[str, str], member: dict[str, str]) -> Claim:
    return Claim(
        form=CLAIMS / form,
        number=fields["claim_no"],
        member=fields["member_id"],
        name=member["full_name"],
        lost_on=date.fromisoformat(fields["lost_on"]),
        kind=fields["loss_type"],
        plan=fields["plan"],
        amount=Decimal(fields["amount"]),
        urgent=fields["urgent"] == "Yes",
        story=fields["what_happened"],
    )
