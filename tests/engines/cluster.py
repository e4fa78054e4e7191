"""A Spark cluster of one's own: a master and workers as processes of this machine."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark

CLASS = Path(pyspark.__path__[0]) / "bin/spark-class"
HERE = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"
PATIENCE_S = 60


class Cluster:
    """Its address, its settings, and its workers, which can be killed."""

    def __init__(self, folder: Path, address: str, workers: list[subprocess.Popen[bytes]]) -> None:
        self.folder, self.address, self.workers = folder, address, workers

    @property
    def settings(self) -> dict[str, str]:
        """As ``pipelines.engines.settings`` reads them."""
        return {
            "spark.master": self.address,
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.executor.memory": "700m",
            "spark.executor.cores": "1",
            "spark.sql.shuffle.partitions": "4",
            "spark.log.level": "OFF",
            "spark.crsight.patience": "5",
        }

    def settings_file(self) -> Path:
        """The same as a file."""
        path = self.folder / "spark.conf"
        path.write_text("".join(f"{name} {value}\n" for name, value in self.settings.items()))
        return path

    def kill(self, number: int) -> None:
        """Kill a worker and what it runs, as when its machine goes."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster that is there with all its workers, and gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    master = _started(folder / "master.log", MASTER, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    begun = [master]
    try:
        address = _said(folder / "master.log", r"(spark://127\.0\.0\.1:\d+)")
        for number in range(workers):
            log, work = folder / f"worker{number}.log", str(folder / f"work{number}")
            place = ("--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1g", "--work-dir", work)
            begun.append(_started(log, WORKER, *place, address))
        for number in range(workers):
            _said(folder / f"worker{number}.log", r"(Successfully registered with master)")
        yield Cluster(folder, address, begun[1:])
    finally:
        for process in begun:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _started(log: Path, *command: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            [str(CLASS), *command], env=HERE, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )


def _said(log: Path, pattern: str) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = re.search(pattern, log.read_text(errors="replace"))
        if found:
            return found[1]
        time.sleep(0.2)
    raise TimeoutError(f"{log.name} does not say {pattern}: {log.read_text(errors='replace')[-2000:]}")
