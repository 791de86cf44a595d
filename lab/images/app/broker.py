"""Kafka: a producer that is there when it is first needed, and notification's consumer."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

import settings

HANGS_SECONDS = 60
state = {"answer": "not connected yet" if settings.BOOTSTRAP and (settings.TOPIC or settings.CONSUMES) else "not used", "received": 0}
held = {"producer": None, "consumer": None, "task": None, "broken": False}
opening = asyncio.Lock()


async def producer() -> AIOKafkaProducer:
    if held["broken"]:
        await asyncio.sleep(HANGS_SECONDS)
        raise TimeoutError("the producer is broken since its start")
    async with opening:
        if held["producer"] is None:
            new = AIOKafkaProducer(bootstrap_servers=settings.BOOTSTRAP, client_id=settings.SERVICE)
            try:
                await asyncio.wait_for(new.start(), 10)
            except BaseException as error:
                state["answer"] = f"{type(error).__name__}: {error}"
                held["broken"] = settings.FRAGILE_PRODUCER
                await new.stop()
                raise
            held["producer"] = new
            state["answer"] = "ok"
        return held["producer"]


async def publish(topic: str, message: dict) -> None:
    try:
        client = await producer()
        await asyncio.wait_for(client.send_and_wait(topic, json.dumps(message).encode()), 15)
        state["answer"] = "ok"
    except Exception as error:
        state["answer"] = f"{type(error).__name__}: {error}"
        raise


async def consume(receive) -> None:
    """Connects, or raises when the broker does not answer; then hands each message to `receive(topic, message)`."""
    consumer = AIOKafkaConsumer(
        *settings.CONSUMED,
        bootstrap_servers=settings.BOOTSTRAP,
        group_id="notification-service",
        client_id=settings.HOSTNAME,
        auto_offset_reset="earliest",
        # Topics are made by the first message; this long a consumer does not see them.
        metadata_max_age_ms=5000,
    )
    try:
        await asyncio.wait_for(consumer.start(), 20)
    except BaseException:
        await consumer.stop()
        raise
    held["consumer"] = consumer
    state["answer"] = "ok"

    async def loop() -> None:
        async for record in consumer:
            state["received"] += 1
            try:
                await receive(record.topic, json.loads(record.value))
            except Exception as error:
                print(f"a message on {record.topic} failed: {error}", file=sys.stderr, flush=True)

    held["task"] = asyncio.create_task(loop())


async def close() -> None:
    if held["task"]:
        held["task"].cancel()
    for client in (held["consumer"], held["producer"]):
        if client:
            await client.stop()
