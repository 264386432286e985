#!/usr/bin/env python3
"""Makes the fonts of Didymos from Inter.

    apt-get download fonts-inter && dpkg -x fonts-inter_*.deb inter
    pip install fonttools==4.68.0
    python3 assets/fonts/source/subset.py inter/usr/share/fonts/opentype/inter assets/fonts

Three changes, so the family has a name of its own ("Didymos Sans"; the Open Font License asks for no less of a name
that is a trademark):

- only the characters of CHARACTERS stay;
- the digits are the tabular ones of the font's feature `tnum`, because egui cannot switch OpenType features on: the
  character map points at them, so that a column of numbers stands still while its values change;
- of the layout features only kerning and mark positioning stay: `calt` would turn "->" or "2x3" into other characters,
  and a tag must look as it is written.

The same input gives the same bytes: the time stamp of the source is kept.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Didymos Sans"
WEIGHTS = [("Inter-Regular.otf", "Regular"), ("Inter-SemiBold.otf", "SemiBold")]
DIGITS = "0123456789"


def span(first, last):
    return range(first, last + 1)


CHARACTERS = [
    *span(0x20, 0x7E), *span(0xA0, 0x17F),  # Latin, western and central European
    *span(0x384, 0x3CE),  # Greek
    *span(0x2009, 0x200A), 0x202F, 0x2007, 0x2011,  # thin, hair, narrow and figure space, hyphen that does not break
    *span(0x2012, 0x2015), *span(0x2018, 0x201F), 0x2020, 0x2022, 0x2026, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044,
    *span(0x2070, 0x208E),  # superscripts, subscripts
    0x20AC, 0x2113, 0x2116, 0x2122, 0x2126,
    *span(0x2190, 0x2199), 0x21A9, 0x21AA, 0x21BA, 0x21BB, 0x21B5, 0x21E7,  # arrows
    0x2202, 0x2205, 0x2206, 0x220F, 0x2211, 0x2212, 0x2215, 0x2219, 0x221A, 0x221E, 0x222B, 0x2248, 0x2260, 0x2261, 0x2264, 0x2265,
    *span(0x25A0, 0x25A3), 0x25B2, 0x25B3, 0x25B6, 0x25B7, 0x25BC, 0x25BD, 0x25C0, 0x25C1, 0x25C6, 0x25C7, 0x25CA, 0x25CB, 0x25CF,
    0x2303, 0x2318, 0x2325, 0x23CE, 0x232B, 0x2713, 0x2717,
]


def tabular(font):
    """The glyph names that `tnum` puts in the place of others."""
    gsub = font["GSUB"].table
    lookups = {i for record in gsub.FeatureList.FeatureRecord if record.FeatureTag == "tnum" for i in record.Feature.LookupListIndex}
    found = {}
    for index in sorted(lookups):
        for table in gsub.LookupList.Lookup[index].SubTable:
            found.update(getattr(table, "ExtSubTable", table).mapping)
    return found


def even_out(font):
    """Gives every digit the width of the widest: in one weight rounding left them a thousandth of an em apart."""
    names = [font.getBestCmap()[ord(digit)] for digit in DIGITS]
    metrics, glyphs = font["hmtx"], font["CFF "].cff[0]
    widest = max(metrics[name][0] for name in names)
    for name in names:
        metrics[name] = (widest, metrics[name][1])
        outline = glyphs.CharStrings[name]
        outline.decompile()
        outline.width = widest


def rename(font, style):
    name = font["name"]
    texts = {
        1: FAMILY if style == "Regular" else f"{FAMILY} {style}",
        2: "Regular",
        3: f"{FAMILY} {style} 1",
        4: f"{FAMILY} {style}",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        10: "Inter by The Inter Project Authors, reduced to the characters of Didymos, with tabular digits.",
        16: FAMILY,
        17: style,
    }
    name.names = [record for record in name.names if record.nameID in (0, 5, 8, 9, 11, 12, 13, 14)]
    for key, text in texts.items():
        name.setName(text, key, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [texts[6]]
    top[0].FullName, top[0].FamilyName = texts[4], texts[16]


def make(source, target, style):
    font = TTFont(source, recalcTimestamp=False)
    figures = tabular(font)
    for table in font["cmap"].tables:
        for digit in DIGITS:
            if ord(digit) in table.cmap:
                table.cmap[ord(digit)] = figures.get(table.cmap[ord(digit)], table.cmap[ord(digit)])
    even_out(font)
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
    options.name_IDs = ["*"]
    options.hinting = True
    options.desubroutinize = False
    reduced = subset.Subsetter(options)
    reduced.populate(unicodes=CHARACTERS)
    reduced.subset(font)
    missing = sorted(set(CHARACTERS) - set(font.getBestCmap()) - {0x378, 0x379})
    print(target, "without", " ".join(f"U+{code:04X}" for code in missing))
    rename(font, style)
    font.save(target)


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    for file, style in WEIGHTS:
        make(source / file, target / f"{FAMILY.replace(' ', '')}-{style}.otf", style)


main()
