"""One application that stands in for ProctorWise's six: their contract with the platform, over their real clients.

GET  /health            200 and JSON, without a look at the database
GET  <route>            who answers, who asked, and how database and broker are; ?sleep=SECONDS answers later, ?bytes=COUNT more
POST <route>            keeps the JSON body as a row and, where the service publishes, sends it to its topic
GET  <route>/rows       the rows; <route>/messages what Kafka brought; <route>/others whom it can reach
GET  <route>/me         401 without a good `Authorization: Bearer <JWT>`; POST /users/token gives one
POST /monitoring/frames keeps the body in FRAME_STORAGE_PATH; GET lists what is there
WS   <route>/ws         echo
WS   <route>/sessions/<id>/stream   what is posted to …/frame, if it comes to this very task: who watches is in its memory
"""

import asyncio
import contextlib
import json
import os
import sys
import time
import urllib.request
from pathlib import Path

import jwt
from aiokafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool as in_thread
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

import behaviour
import broker
import database
import sender
import settings

FRAMES = Path(os.environ.get("FRAME_STORAGE_PATH", "/app/local_storage"))


async def receive(topic: str, message: dict) -> None:
    await in_thread(database.add, "message", json.dumps({"topic": topic, **message}))
    await in_thread(sender.send, message.get("email", "candidate@example.org"), topic, json.dumps(message))


@contextlib.asynccontextmanager
async def lifespan(_app):
    # An exception here is uvicorn's exit status 3, as with the real services.
    if settings.STARTUP_SECONDS:
        await asyncio.sleep(settings.STARTUP_SECONDS)
    if settings.MAKES_TABLES:
        await in_thread(database.prepare)
    if settings.CONSUMES:
        await broker.consume(receive)
    if settings.SERVICE == "monitoringservice":
        await try_producer()
    # The others start theirs with the first message; trying it beside the start lets every answer show the broker.
    trial = asyncio.create_task(try_producer()) if settings.TOPIC else None
    yield
    if trial:
        trial.cancel()
    await broker.close()


async def try_producer() -> None:
    try:
        await broker.producer()
    except Exception as error:
        print(f"warning: no Kafka producer: {error}", file=sys.stderr, flush=True)


def answer(request: Request, code: int = 200, **more) -> JSONResponse:
    headers = request.headers
    return JSONResponse(
        {
            "service": settings.SERVICE,
            "version": settings.VERSION,
            "hostname": settings.HOSTNAME,
            "path": request.url.path,
            # As an application sees both: uvicorn's word, which believes forwarded headers only where its command says so.
            "client": request.client.host if request.client else None,
            "forwarded_for": headers.get("x-forwarded-for"),
            "scheme": request.url.scheme,
            "host": headers.get("host"),
            "broker": broker.state["answer"],
            "messages_received": broker.state["received"],
            "mails_sent": sender.state["sent"],
            "mail_error": sender.state["error"],
            **more,
        },
        status_code=code,
    )


async def health(request: Request):
    good = behaviour.is_healthy()
    return answer(request, 200 if good else 503, status="healthy" if good else "unhealthy")


async def show(request: Request):
    await asyncio.sleep(min(float(request.query_params.get("sleep", "0")), 120))
    more = {"more": "x" * min(int(request.query_params["bytes"]), 5_000_000)} if "bytes" in request.query_params else {}
    return answer(request, database=await in_thread(database.describe), database_name=settings.DATABASE, **more)


async def keep(request: Request):
    body = await request.body()
    content = json.loads(body) if body else {}
    row = await in_thread(database.add, "row", json.dumps(content))
    if settings.TOPIC:
        message = content if isinstance(content, dict) else {"content": content}
        await broker.publish(settings.TOPIC, {"row": row, "from": settings.SERVICE, **message})
    return answer(request, 201, database="ok", row=row, published=settings.TOPIC)


async def rows(request: Request):
    return answer(request, database="ok", count=await in_thread(database.count, "row"), rows=await in_thread(database.rows, "row"))


async def messages(request: Request):
    found = await in_thread(database.rows, "message")
    return answer(request, database="ok", messages=[json.loads(row["content"]) for row in found])


async def me(request: Request):
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    for key in [settings.JWT_KEY, *settings.JWT_ACCEPTED_KEYS]:
        try:
            claims = jwt.decode(token if kind.lower() == "bearer" else "", key, [settings.JWT_ALGORITHM])
            return answer(request, claims=claims)
        except jwt.InvalidSignatureError as error:
            refused = str(error)
        except jwt.PyJWTError as error:
            return answer(request, 401, error=str(error))
    return answer(request, 401, error=refused)


async def token(request: Request):
    claims = {"sub": "lab", "exp": int(time.time()) + 3600, **json.loads(await request.body() or b"{}")}
    return answer(request, 201, token=jwt.encode(claims, settings.JWT_KEY, settings.JWT_ALGORITHM))


async def others(request: Request):
    def ask(url: str) -> str:
        try:
            with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=5) as response:
                return json.load(response)["service"]
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    return answer(request, others={name: await in_thread(ask, url) for name, url in settings.OTHERS.items()})


async def frames(request: Request):
    if request.method == "POST":
        FRAMES.mkdir(parents=True, exist_ok=True)
        file = FRAMES / f"{settings.HOSTNAME}-{time.time_ns()}.bin"
        file.write_bytes(await request.body())
        return answer(request, 201, frame=file.name)
    return answer(request, frames=sorted(file.name for file in FRAMES.glob("*.bin")) if FRAMES.is_dir() else [])


async def echo(socket: WebSocket):
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.send_text(await socket.receive_text())


viewers: dict[str, set[WebSocket]] = {}


async def stream(socket: WebSocket):
    watching = viewers.setdefault(socket.path_params["id"], set())
    await socket.accept()
    watching.add(socket)
    try:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await socket.receive_text()
    finally:
        watching.discard(socket)


async def frame(request: Request):
    body = (await request.body()).decode()
    watching = list(viewers.get(request.path_params["id"], ()))
    for viewer in watching:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await viewer.send_text(body)
    return answer(request, seen_by=len(watching))


async def unavailable(request: Request, error: Exception):
    return answer(request, 503, error=f"{type(error).__name__}: {error}".splitlines()[0])


async def malformed(request: Request, error: Exception):
    return answer(request, 400, error=str(error))


routes = [Route("/health", health), Route("/", show)]
for prefix in settings.PREFIXES:
    routes += [
        Route(prefix, show),
        Route(prefix, keep, methods=["POST"]),
        Route(f"{prefix}/rows", rows),
        Route(f"{prefix}/messages", messages),
        Route(f"{prefix}/me", me),
        Route(f"{prefix}/others", others),
        WebSocketRoute(f"{prefix}/ws", echo),
        WebSocketRoute(f"{prefix}/sessions/{{id}}/stream", stream),
        Route(f"{prefix}/sessions/{{id}}/frame", frame, methods=["POST"]),
    ]
if settings.SERVICE == "userservice":
    routes.append(Route("/users/token", token, methods=["POST"]))
if settings.SERVICE == "monitoringservice":
    routes.append(Route("/monitoring/frames", frames, methods=["GET", "POST"]))

failures = {error: unavailable for error in (SQLAlchemyError, KafkaError, TimeoutError, OSError)}
app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={**failures, ValueError: malformed})
