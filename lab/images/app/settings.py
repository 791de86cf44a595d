"""What the environment says. Every name is one that the real images read, except LAB_* and SERVICE_NAME."""

import os
import socket
from urllib.parse import urlsplit

DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASE = urlsplit(DATABASE_URL).path.lstrip("/")

BY_DATABASE = {
    "proctorwise_users": "userservice",
    "proctorwise_reservations": "reservationservice",
    "proctorwise_monitoring": "monitoringservice",
    "proctorwise_corrections": "correctionservice",
    "proctorwise_notifications": "notificationservice",
    "proctorwise_analytics": "analyticsservice",
}
SERVICE = os.environ.get("SERVICE_NAME") or BY_DATABASE.get(DATABASE, "unknown")

PREFIXES = {
    "userservice": ["/users"],
    "reservationservice": ["/exams", "/reservations", "/questions"],
    "monitoringservice": ["/monitoring"],
    "correctionservice": ["/corrections"],
    "notificationservice": ["/notifications"],
    "analyticsservice": ["/analytics"],
}.get(SERVICE, [])

# The schema of these two comes from an SQL file of the operators.
MAKES_TABLES = SERVICE not in ("userservice", "analyticsservice")

TOPICS = {
    "reservationservice": "exam_scheduled",
    "monitoringservice": "anomaly_detected",
    "correctionservice": "grading_completed",
}
TOPIC = TOPICS.get(SERVICE)
CONSUMED = ["exam_scheduled", "anomaly_detected", "grading_completed", "high_risk_alert"]
BOOTSTRAP = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
CONSUMES = SERVICE == "notificationservice" and os.environ.get("ENABLE_KAFKA_CONSUMER", "false").lower() == "true"

MOCK_SENDERS = os.environ.get("USE_MOCK_SENDERS", "true").lower() != "false"
JWT_KEY = os.environ.get("JWT_SECRET_KEY", "")
# Tokens that one of these signed are good, too: docs/secrets.md has the contract.
JWT_ACCEPTED_KEYS = [key.strip() for key in os.environ.get("JWT_ACCEPTED_SECRET_KEYS", "").split(",") if key.strip()]
JWT_ALGORITHM = os.environ.get("JWT_ALGORITHM", "HS256")
OTHERS = {
    name[: -len("_SERVICE_URL")].lower(): url for name, url in os.environ.items() if name.endswith("_SERVICE_URL")
}

VERSION = os.environ.get("LAB_VERSION", "v1")
STARTUP_SECONDS = float(os.environ.get("LAB_STARTUP_SECONDS", "0"))
# A client that first met a dead broker stays broken until its task restarts.
FRAGILE_PRODUCER = os.environ.get("LAB_FRAGILE_PRODUCER", "false").lower() == "true"
HOSTNAME = socket.gethostname()
