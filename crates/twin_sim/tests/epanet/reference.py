#!/usr/bin/env python3
"""Reference results of EPANET for every network file in a folder.

    python3 reference.py FOLDER... [--out DIR] [--library PATH] [--skip-existing]

needs `pip install wntr`, which brings EPANET 2.2. `--library` takes another EPANET library (for example the one of
`pip install owa-epanet`), to see what differs between versions. Beside each FILE.inp are written

    FILE.head_m.csv     time in s, then the head of every node in m
    FILE.flow_m3s.csv   time in s, then the flow of every link in m3/s
    FILE.trials.csv     reporting time in s, time of the hydraulic solution it shows, its trials, its error, EPANET's
                        warning (0 none, 1 not balanced, 2 not stable, 3 cut off, 4 pump, 5 valve, 6 low pressure), and
                        how many solutions were not balanced so far

at every reporting time, read from the solver itself in double precision. As EPANET does when it writes its own output,
each reporting time (report start and then every report step) shows the first hydraulic solution that is not earlier:
EPANET's hydraulic steps stop at multiples of the report step, whatever the report start is. A file that EPANET refuses
gives FILE.error.

Each network is run several times, with junctions and pipes in other orders in the file. What EPANET itself then answers
differently (a status that hangs on the last digit, the head of a part that is cut off) is no reference: its
cell is left empty. From the first time on at which two orders give flows that are really different, everything hangs on
the last digit, and all cells are empty.
"""

import argparse
import ctypes
import multiprocessing
import pathlib
import tempfile

DURATION, REPORT_STEP, REPORT_START = 0, 5, 6
NODES, LINKS = 0, 2
HEAD, FLOW = 10, 8
ITERATIONS, RELATIVE_ERROR = 0, 1
FOOT_M = 0.3048
# Flow units of EPANET in the order of its codes, as m3/s.
M3_S = [
    FOOT_M**3, 0.003785411784 / 60, 0.003785411784 * 1e6 / 86400, 0.00454609 * 1e6 / 86400,
    43560 * FOOT_M**3 / 86400, 1e-3, 1e-3 / 60, 1e3 / 86400, 1 / 3600, 1 / 86400,
]


class Refused(Exception):
    """EPANET says no."""


class Epanet:
    """One project of the toolkit with the calls that are needed."""

    def __init__(self, library):
        self.library = ctypes.CDLL(library)
        self.project = ctypes.c_uint64()
        self.library.EN_createproject(ctypes.byref(self.project))

    def call(self, name, *arguments):
        code = getattr(self.library, "EN_" + name)(self.project, *arguments)
        if code > 100:
            raise Refused(code)
        return code

    def whole(self, name, *arguments):
        value = ctypes.c_int()
        self.call(name, *arguments, ctypes.byref(value))
        return value.value

    def long(self, name, *arguments):
        value = ctypes.c_long()
        code = self.call(name, *arguments, ctypes.byref(value))
        return code, value.value

    def real(self, name, *arguments):
        value = ctypes.c_double()
        self.call(name, *arguments, ctypes.byref(value))
        return value.value

    def name(self, name, index):
        text = ctypes.create_string_buffer(64)
        self.call(name, index, text)
        try:
            return text.value.decode("utf-8")
        except UnicodeDecodeError:
            return text.value.decode("latin-1")

    def values(self, name, count, what, factor):
        get, project, value = getattr(self.library, "EN_" + name), self.project, ctypes.c_double()
        there = ctypes.byref(value)
        found = []
        for index in range(1, count + 1):
            get(project, index, what, there)
            found.append(value.value * factor)
        return found


def solve(epanet, path, scratch):
    epanet.call("open", str(path).encode(), str(scratch / "report").encode(), b"")
    nodes, links = epanet.whole("getcount", NODES), epanet.whole("getcount", LINKS)
    names = [epanet.name("getnodeid", index + 1) for index in range(nodes)]
    link_names = [epanet.name("getlinkid", index + 1) for index in range(links)]
    unit = epanet.whole("getflowunits")
    head_m, flow_m3_s = 1.0 if unit >= 5 else FOOT_M, M3_S[unit]
    step, report = epanet.long("gettimeparam", REPORT_STEP)[1], epanet.long("gettimeparam", REPORT_START)[1]
    heads, flows, trials, unbalanced = [], [], [], 0
    epanet.call("openH")
    epanet.call("initH", 0)
    while True:
        code, now = epanet.long("runH")
        unbalanced += code == 1
        if now >= report:
            heads.append((report, epanet.values("getnodevalue", nodes, HEAD, head_m)))
            flows.append((report, epanet.values("getlinkvalue", links, FLOW, flow_m3_s)))
            error = epanet.real("getstatistic", RELATIVE_ERROR)
            trials.append((report, now, int(epanet.real("getstatistic", ITERATIONS)), error, code, unbalanced))
            report += step
        if epanet.long("nextH")[1] <= 0:
            break
    return names, link_names, heads, flows, trials


ORDERS = [lambda lines: lines[::-1], lambda lines: lines[::2] + lines[1::2], lambda lines: sorted(lines, key=lambda line: line[::-1])]


def turned(path, scratch, order):
    """The same network with the lines of its junctions and of its pipes in another order."""
    there = scratch / "turned.inp"
    lines, section, out = path.read_text(encoding="latin-1").split("\n"), "", {"": []}
    for line in lines:
        if line.strip().startswith("["):
            section = line.strip().upper()
            out.setdefault(section, [line])
        else:
            out[section].append(line)
    for head in out:
        if head.startswith(("[JUNC", "[PIPE")):
            out[head][1:] = order([line for line in out[head][1:] if line.strip()]) + [""]
    there.write_text("\n".join(line for body in out.values() for line in body), encoding="latin-1")
    return there


def differences(names, rows, other_names, other_rows, near):
    """Leaves out what two runs answer differently."""
    where = {name: index for index, name in enumerate(other_names)}
    order = [where[name] for name in names]
    others = dict(other_rows)
    kept = []
    for now, values in rows:
        other = others.get(now)
        kept.append((now, [a if other and a is not None and near(a, other[i]) else None for a, i in zip(values, order)]))
    return kept


def from_chance_on(flows, heads):
    """Leaves out everything from the first time at which a flow is left out."""
    first = next((at for at, (_, values) in enumerate(flows) if None in values), len(flows))
    return [
        [(now, values if at < first else [None] * len(values)) for at, (now, values) in enumerate(rows)] for rows in (flows, heads)
    ]


def head_is_near(a, b):
    return abs(a - b) <= max(2e-4, 1e-7 * abs(a))


def flow_is_near(a, b):
    return abs(a - b) <= max(1e-5, 2e-4 * abs(a))


def table(path, names, rows, digits):
    # A comma or a quote in a name is quoted as CSV does.
    quoted = ['"' + name.replace('"', '""') + '"' if any(c in name for c in ',"') else name for name in names]
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("," + ",".join(quoted) + "\n")
        for now, values in rows:
            file.write(f"{now}," + ",".join(cell(value, digits) for value in values) + "\n")


def cell(value, digits):
    text = "" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def make(library, path, out):
    target = out if out else path.parent
    with tempfile.TemporaryDirectory() as scratch:
        try:
            names, links, heads, flows, trials = solve(Epanet(library), path, pathlib.Path(scratch))
            for order in ORDERS:
                other = turned(path, pathlib.Path(scratch), order)
                names_2, links_2, heads_2, flows_2, _ = solve(Epanet(library), other, pathlib.Path(scratch))
                heads = differences(names, heads, names_2, heads_2, head_is_near)
                flows = differences(links, flows, links_2, flows_2, flow_is_near)
            flows, heads = from_chance_on(flows, heads)
        except Refused as refusal:
            (target / (path.stem + ".error")).write_text(f"{refusal}\n")
            print(f"{path.name}: refused with {refusal}", flush=True)
            return
    table(target / (path.stem + ".head_m.csv"), names, heads, 6)
    table(target / (path.stem + ".flow_m3s.csv"), links, flows, 8)
    with open(target / (path.stem + ".trials.csv"), "w", encoding="utf-8", newline="\n") as file:
        file.write("time_s,solved_s,trials,error,warning,unbalanced\n")
        file.writelines(f"{report},{now},{count},{error:.3g},{code},{so_far}\n" for report, now, count, error, code, so_far in trials)
    warned = sorted({row[4] for row in trials if row[4]})
    print(f"{path.name}: {len(heads)} reports, warnings {warned}", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folders", nargs="+", type=pathlib.Path)
    arguments.add_argument("--out", type=pathlib.Path)
    arguments.add_argument("--library")
    arguments.add_argument("--skip-existing", action="store_true")
    given = arguments.parse_args()
    library = given.library
    if library is None:
        import importlib.util

        wntr = pathlib.Path(importlib.util.find_spec("wntr").submodule_search_locations[0])
        library = str(wntr / "epanet" / "libepanet" / "linux-x64" / "libepanet22.so")
    files = [path for folder in given.folders for path in (sorted(folder.glob("**/*.inp")) if folder.is_dir() else [folder])]
    if given.skip_existing:
        files = [path for path in files if not ((given.out or path.parent) / (path.stem + ".trials.csv")).exists()]
    jobs = [(library, path, given.out) for path in files]
    for job in jobs:
        # A process of its own for each: some files bring the library down.
        process = multiprocessing.Process(target=make, args=job)
        process.start()
        process.join()
        if process.exitcode:
            print(f"{job[1].name}: EPANET crashed", flush=True)


if __name__ == "__main__":
    main()
