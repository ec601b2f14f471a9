"""Page maps of the two legacy fixture systems, as far as the tests of a session need them."""

from typing import Any

MERIDIAN: dict[str, Any] = {
    "system": "meridian",
    "url": "http://meridian.example",
    "credential": "meridian",
    "timeout": "5s",
    "login": [
        {"open": "Sign in"},
        {"fill": {"User ID": "$credential.username", "Password": "$credential.password"}},
        {"press": "Sign in"},
        {"see": "Work list"},
    ],
    "logout": [{"open": "Menu"}, {"press": "Sign off"}, {"see": "Please sign in"}],
    "signed_out": {"see": "Please sign in"},
    "pages": {
        "Sign in": {
            "path": "/",
            "see": "Please sign in",
            "fields": {"User ID": "User ID", "Password": "Password"},
            "buttons": {"Sign in": "Sign in"},
        },
        "Menu": {
            "path": "/mb/menu.do",
            "frame": "menu",
            "see": "Find a claim",
            "buttons": {
                "New claim": {"label": "New claim", "to": "New claim"},
                "Find a claim": {"label": "Find a claim", "to": "Claim search"},
                "Sign off": {"label": "Sign off", "to": "Sign in"},
            },
        },
        "New claim": {
            "via": "Menu",
            "frame": "main",
            "see": "MB-210",
            "fields": {
                "Claim number": "Claim No",
                "Member number": "Member No",
                "Name": "Name",
                "Lost on": {"parts": [{"label": "MM"}, {"label": "DD"}, {"label": "YYYY"}]},
                "Type of loss": "Type of loss",
                "Plan": "Plan",
                "Amount": "Amount",
                "What happened": "What happened",
            },
            "buttons": {"Save claim": {"label": "Save claim", "to": "Recorded"}},
            "dialogs": {"Save this claim?": "accept"},
            "refused": ["font[color='#CC0000']"],
        },
        "Recorded": {"frame": "main", "see": "Claim recorded", "fields": {"Reference": "Reference"}},
        "Claim search": {
            "via": "Menu",
            "window": "search",
            "see": "MB-300",
            "fields": {"Claim number": "Claim No"},
            "buttons": {"Search": {"label": "Search", "to": "Claim search"}},
            "tables": {
                "Results": {
                    "columns": {"Claim number": "Claim No", "Reference": "Reference"},
                    "empty": "No claims found",
                    "buttons": {"Open": {"label": "Open", "to": "Claim"}},
                }
            },
        },
        "Claim": {"frame": "main", "see": "MB-310", "fields": {"Claim number": "Claim No", "Name": "Name"}},
    },
}

WIZARD: dict[str, Any] = {
    "system": "payments",
    "url": "http://payments.example",
    "credential": "payments",
    "timeout": "5s",
    "login": [
        {"open": "Sign in"},
        {"fill": {"User": "$credential.username", "Password": "$credential.password"}},
        {"press": "Sign in"},
        {"see": "Welcome"},
    ],
    "signed_out": {"see": "Please sign in"},
    "sign_in_refused": [".err"],
    "pages": {
        "Sign in": {
            "path": "/",
            "see": "Please sign in",
            "fields": {"User": "User", "Password": "Password"},
            "buttons": {"Sign in": {"label": "Sign in", "to": "Welcome"}},
        },
        "Welcome": {"frame": "work", "see": "Welcome"},
        "Payee": {
            "path": "/cpw/payment.aspx",
            "frame": "work",
            "see": "New payment - Payee",
            "fields": {
                "Benefits reference": "Benefits reference",
                "Claim number": "Claim number",
                "Payee name": "Payee name",
                "SSN": {"label": "SSN", "keys": "yes"},
                "ZIP": "ZIP",
            },
            "buttons": {"Next": {"label": "Next >", "to": "Payment"}},
            "refused": [".err"],
        },
        "Payment": {"frame": "work", "see": "New payment - Payment"},
    },
}
