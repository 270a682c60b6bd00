"""Answers the bench's requests with DuckDB: one JSON object a line on standard input, one reply a line on standard output.

Times are taken here, around the query and the fetching of its rows, so that nothing of this protocol is in them.
"""

import json
import sys
import time

import duckdb


def kilobytes(field):
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    return 0


class Peer:
    def __init__(self, database):
        self.database = database
        self.connection = None

    def load(self, sql):
        # Closing writes everything into the file; questions are asked on connections that only read.
        with duckdb.connect(self.database) as connection:
            connection.execute(sql)
        return []

    def reset(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = duckdb.connect(self.database, read_only=True)
        return []

    def ask(self, sql):
        return self.connection.execute(sql).fetchall()

    def versions(self):
        threads = self.connection.execute("SELECT current_setting('threads')").fetchone()[0]
        python = ".".join(str(part) for part in sys.version_info[:3])
        return [["duckdb", duckdb.__version__], ["python", python], ["threads", threads]]

    def answer(self, request):
        operation = request.pop("op")
        work = {"load": self.load, "reset": self.reset, "ask": self.ask, "versions": self.versions}[operation]
        request.pop("question", None)
        began, began_cpu = time.perf_counter(), time.process_time()
        rows = work(**request)
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - began_cpu
        return {
            "seconds": seconds,
            "cpu_seconds": cpu_seconds,
            "rows": rows,
            "resident_bytes": kilobytes("VmRSS") * 1024,
            "peak_resident_bytes": kilobytes("VmHWM") * 1024,
        }


def main():
    peer = Peer(sys.argv[1])
    for line in sys.stdin:
        try:
            reply = peer.answer(json.loads(line))
        except duckdb.Error as error:
            reply = {"error": str(error)}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
