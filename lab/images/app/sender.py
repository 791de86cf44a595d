"""Mail, as notification sends it. Blocks: call it in a thread."""

import os
import smtplib
import ssl
from email.message import EmailMessage

import settings

state = {"sent": 0, "error": None}


def send(to: str, subject: str, body: str) -> None:
    if settings.MOCK_SENDERS:
        print(f"mock mail to {to}: {subject}", flush=True)
        return
    message = EmailMessage()
    message["From"] = os.environ.get("SMTP_FROM_EMAIL") or "noreply@proctorwise.example"
    message["To"] = to
    message["Subject"] = subject
    # As it is: a wrapped line could not be searched for.
    message.set_content(body, cte="8bit")
    try:
        with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ.get("SMTP_PORT", "587")), timeout=10) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                # Verified: by what the image trusts, or what SSL_CERT_FILE names.
                server.starttls(context=ssl.create_default_context())
            if os.environ.get("SMTP_USERNAME"):
                server.login(os.environ["SMTP_USERNAME"], os.environ.get("SMTP_PASSWORD", ""))
            server.send_message(message)
        state["sent"] += 1
        state["error"] = None
    except Exception as error:
        state["error"] = f"{type(error).__name__}: {error}"
        raise
