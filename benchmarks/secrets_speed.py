"""Secrets: sealing 100,000 stream addresses, taking in a list full of them, turning 100,000 to a new key.

The peer is AES-256-GCM alone over the same bytes: what the ring adds is names, padding, binding and base64; what
rotation adds is the database.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COUNT = 10_000 if os.environ.get("BENCH_QUICK") else int(os.environ.get("COUNT", "100000"))


def sealing() -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from oblik.base.sealing import Ring, new_key_id

    key = secrets.token_bytes(32)
    name = new_key_id(key, number=1)
    ring = Ring({name: key}, name, "-", key)
    texts = [f"rtsp://admin:{secrets.token_hex(6)}@192.0.2.{n % 250}:554/ch/{n}" for n in range(COUNT)]
    cipher = AESGCM(key)
    took = {}
    began = time.perf_counter()
    for n, text in enumerate(texts):
        cipher.encrypt(os.urandom(12), text.encode(), f"{n}".encode())
    took["AES-256-GCM alone"] = time.perf_counter() - began
    began = time.perf_counter()
    tokens = [ring.seal(text, bound=f"secret:KHA-{n:06d}-1:stream_url:record:{n}") for n, text in enumerate(texts)]
    took["sealed"] = time.perf_counter() - began
    began = time.perf_counter()
    opened = [ring.open(token, bound=f"secret:KHA-{n:06d}-1:stream_url:record:{n}") for n, token in enumerate(tokens)]
    took["opened"] = time.perf_counter() - began
    assert opened == texts
    for what, seconds in took.items():
        print(f"{what}: {COUNT:,} addresses in {seconds:.2f} s = {COUNT / seconds:,.0f} a second")
    print(f"ratio sealed / AES-256-GCM alone: {took['sealed'] / took['AES-256-GCM alone']:.1f}")


_CHILD = """
import sys, time
import django
django.setup()
from pathlib import Path
from django.db import transaction
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.config.commands.init import prepare
from oblik.intake.actions import lists, rotation
from oblik.registry import actions as registry, vault
prepare()
by, count = Actor("console", "bench"), int(sys.argv[1])
owner = registry.add_owner("B", name="B", kind="enterprise", by=by, at=now())
with transaction.atomic():
    first, codes = registry.create_cameras([owner] * count, at=now())
    began = time.perf_counter()
    vault.keep_secrets([vault.NewSecret(first + n, "stream_url", f"rtsp://admin:Zx9kL{n}@192.0.2.1/{n}", f"x:{n}",
                                        owner, now()) for n in range(count)], at=now())
    took = time.perf_counter() - began
print(f"register: {count:,} stream addresses sealed and stored in {took:.2f} s = {count / took:,.0f} a second")
began = time.perf_counter()
done = rotation.rotate(by=by, at=now())
took = time.perf_counter() - began
print(f"rotate: {done.turned:,} secrets turned in {took:.2f} s = {done.turned / took:,.0f} a second")
began = time.perf_counter()
got = lists.add_list(Path(sys.argv[2]), owner="B", campaign="C", by=by, at=now())
took = time.perf_counter() - began
print(f"intake: {got.rows:,} rows with a stream address and a password each in {took:.2f} s = "
      f"{got.rows / took:,.0f} rows a second")
began = time.perf_counter()
done = rotation.rotate(by=by, at=now())
took = time.perf_counter() - began
print(f"rotate: {done.turned:,} secrets of cameras, cells and files turned in {took:.2f} s = "
      f"{done.turned / took:,.0f} a second")
"""


def stored() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "secret.csv"
        with path.open("w", encoding="utf-8") as target:
            target.write("Інв. номер;Адреса;Широта;Довгота;MAC;RTSP;Пароль\n")
            for n in range(COUNT):
                target.write(
                    f"INV-{n};вул. Садова, {n % 300};{49 + n / 1e5:.6f};{34 + n / 1e5:.6f};001A2B{n:06X};"
                    f"rtsp://admin:Zx9kL{n}@192.0.2.1/{n};Qw8rT{n}\n"
                )
        environment = os.environ | {"OBLIK_DATA": f"{folder}/data", "DJANGO_SETTINGS_MODULE": "oblik.config.settings"}
        environment.pop("OBLIK_DATABASE_URL", None)
        subprocess.run([sys.executable, "-c", _CHILD, str(COUNT), str(path)], env=environment, check=True)


if __name__ == "__main__":
    sealing()
    stored()
