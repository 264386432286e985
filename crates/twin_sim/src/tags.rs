//! The published signals of Unit 100, in the order of its signal table.

/// Number of published signals.
pub const TAG_COUNT: usize = 125;

/// The published signals in the order of the signal table of the Unit 100 specification: the measurements, then set
/// point, output and mode of the eight loops. Every array of readings in this crate has this order.
pub const TAGS: [&str; TAG_COUNT] = [
    "FT-100",
    "TT-100",
    "LT-100",
    "TT-104",
    "LSLL-100",
    "PDT-105A",
    "PT-106A",
    "PT-107A",
    "XS-101A",
    "SI-101A",
    "II-101A",
    "JI-101A",
    "TT-111A",
    "TT-112A",
    "TT-113A",
    "TT-114A",
    "VT-111A",
    "VT-112A",
    "VT-113A",
    "PDT-105B",
    "PT-106B",
    "PT-107B",
    "XS-101B",
    "SI-101B",
    "II-101B",
    "JI-101B",
    "TT-111B",
    "TT-112B",
    "TT-113B",
    "TT-114B",
    "VT-111B",
    "VT-112B",
    "VT-113B",
    "PT-101",
    "TT-102",
    "PDT-121",
    "TT-101",
    "AT-101",
    "FT-101",
    "ZT-111",
    "FT-201",
    "PDT-202",
    "TT-202",
    "ZT-114",
    "LT-101",
    "LSHH-101",
    "LSLL-101",
    "PT-103",
    "TT-103",
    "FT-103",
    "ZT-113A",
    "ZT-113B",
    "ZS-103",
    "LSH-104",
    "PT-109",
    "PT-108",
    "XS-102",
    "II-102",
    "TT-131",
    "VT-131",
    "FT-102",
    "ZT-112",
    "LT-102",
    "TT-106",
    "FT-105",
    "TT-201",
    "TT-203",
    "PT-201",
    "LT-201",
    "FT-202",
    "ZT-211",
    "AT-201",
    "XS-221",
    "SI-201",
    "JI-221",
    "VT-221",
    "TT-210",
    "MT-210",
    "XS-201A",
    "JI-201A",
    "TT-211A",
    "VT-211A",
    "XS-201B",
    "JI-201B",
    "TT-211B",
    "VT-211B",
    "XS-301",
    "JI-301",
    "TT-301",
    "KI-301",
    "PT-301",
    "PDT-301",
    "MT-302",
    "FT-302",
    "PT-302",
    "ZS-303",
    "XS-100",
    "JI-100",
    "XB-102",
    "XS-110",
    "XS-210",
    "FIC-101.SP",
    "FIC-101.OP",
    "FIC-101.MODE",
    "LIC-100.SP",
    "LIC-100.OP",
    "LIC-100.MODE",
    "PIC-101.SP",
    "PIC-101.OP",
    "PIC-101.MODE",
    "TIC-101.SP",
    "TIC-101.OP",
    "TIC-101.MODE",
    "LIC-101.SP",
    "LIC-101.OP",
    "LIC-101.MODE",
    "PIC-103.SP",
    "PIC-103.OP",
    "PIC-103.MODE",
    "TIC-201.SP",
    "TIC-201.OP",
    "TIC-201.MODE",
    "LIC-201.SP",
    "LIC-201.OP",
    "LIC-201.MODE",
];

/// Position of `tag` in [`TAGS`], or `None` when the plant does not publish it.
pub fn tag_index(tag: &str) -> Option<usize> {
    TAGS.iter().position(|&known| known == tag)
}

/// Positions of the signals in [`TAGS`], named like the tags.
pub mod at {
    /// FT-100.
    pub const FT_100: usize = 0;
    /// TT-100.
    pub const TT_100: usize = 1;
    /// LT-100.
    pub const LT_100: usize = 2;
    /// TT-104.
    pub const TT_104: usize = 3;
    /// LSLL-100.
    pub const LSLL_100: usize = 4;
    /// PDT-105A.
    pub const PDT_105A: usize = 5;
    /// PT-106A.
    pub const PT_106A: usize = 6;
    /// PT-107A.
    pub const PT_107A: usize = 7;
    /// XS-101A.
    pub const XS_101A: usize = 8;
    /// SI-101A.
    pub const SI_101A: usize = 9;
    /// II-101A.
    pub const II_101A: usize = 10;
    /// JI-101A.
    pub const JI_101A: usize = 11;
    /// TT-111A.
    pub const TT_111A: usize = 12;
    /// TT-112A.
    pub const TT_112A: usize = 13;
    /// TT-113A.
    pub const TT_113A: usize = 14;
    /// TT-114A.
    pub const TT_114A: usize = 15;
    /// VT-111A.
    pub const VT_111A: usize = 16;
    /// VT-112A.
    pub const VT_112A: usize = 17;
    /// VT-113A.
    pub const VT_113A: usize = 18;
    /// PDT-105B.
    pub const PDT_105B: usize = 19;
    /// PT-106B.
    pub const PT_106B: usize = 20;
    /// PT-107B.
    pub const PT_107B: usize = 21;
    /// XS-101B.
    pub const XS_101B: usize = 22;
    /// SI-101B.
    pub const SI_101B: usize = 23;
    /// II-101B.
    pub const II_101B: usize = 24;
    /// JI-101B.
    pub const JI_101B: usize = 25;
    /// TT-111B.
    pub const TT_111B: usize = 26;
    /// TT-112B.
    pub const TT_112B: usize = 27;
    /// TT-113B.
    pub const TT_113B: usize = 28;
    /// TT-114B.
    pub const TT_114B: usize = 29;
    /// VT-111B.
    pub const VT_111B: usize = 30;
    /// VT-112B.
    pub const VT_112B: usize = 31;
    /// VT-113B.
    pub const VT_113B: usize = 32;
    /// PT-101.
    pub const PT_101: usize = 33;
    /// TT-102.
    pub const TT_102: usize = 34;
    /// PDT-121.
    pub const PDT_121: usize = 35;
    /// TT-101.
    pub const TT_101: usize = 36;
    /// AT-101.
    pub const AT_101: usize = 37;
    /// FT-101.
    pub const FT_101: usize = 38;
    /// ZT-111.
    pub const ZT_111: usize = 39;
    /// FT-201.
    pub const FT_201: usize = 40;
    /// PDT-202.
    pub const PDT_202: usize = 41;
    /// TT-202.
    pub const TT_202: usize = 42;
    /// ZT-114.
    pub const ZT_114: usize = 43;
    /// LT-101.
    pub const LT_101: usize = 44;
    /// LSHH-101.
    pub const LSHH_101: usize = 45;
    /// LSLL-101.
    pub const LSLL_101: usize = 46;
    /// PT-103.
    pub const PT_103: usize = 47;
    /// TT-103.
    pub const TT_103: usize = 48;
    /// FT-103.
    pub const FT_103: usize = 49;
    /// ZT-113A.
    pub const ZT_113A: usize = 50;
    /// ZT-113B.
    pub const ZT_113B: usize = 51;
    /// ZS-103.
    pub const ZS_103: usize = 52;
    /// LSH-104.
    pub const LSH_104: usize = 53;
    /// PT-109.
    pub const PT_109: usize = 54;
    /// PT-108.
    pub const PT_108: usize = 55;
    /// XS-102.
    pub const XS_102: usize = 56;
    /// II-102.
    pub const II_102: usize = 57;
    /// TT-131.
    pub const TT_131: usize = 58;
    /// VT-131.
    pub const VT_131: usize = 59;
    /// FT-102.
    pub const FT_102: usize = 60;
    /// ZT-112.
    pub const ZT_112: usize = 61;
    /// LT-102.
    pub const LT_102: usize = 62;
    /// TT-106.
    pub const TT_106: usize = 63;
    /// FT-105.
    pub const FT_105: usize = 64;
    /// TT-201.
    pub const TT_201: usize = 65;
    /// TT-203.
    pub const TT_203: usize = 66;
    /// PT-201.
    pub const PT_201: usize = 67;
    /// LT-201.
    pub const LT_201: usize = 68;
    /// FT-202.
    pub const FT_202: usize = 69;
    /// ZT-211.
    pub const ZT_211: usize = 70;
    /// AT-201.
    pub const AT_201: usize = 71;
    /// XS-221.
    pub const XS_221: usize = 72;
    /// SI-201.
    pub const SI_201: usize = 73;
    /// JI-221.
    pub const JI_221: usize = 74;
    /// VT-221.
    pub const VT_221: usize = 75;
    /// TT-210.
    pub const TT_210: usize = 76;
    /// MT-210.
    pub const MT_210: usize = 77;
    /// XS-201A.
    pub const XS_201A: usize = 78;
    /// JI-201A.
    pub const JI_201A: usize = 79;
    /// TT-211A.
    pub const TT_211A: usize = 80;
    /// VT-211A.
    pub const VT_211A: usize = 81;
    /// XS-201B.
    pub const XS_201B: usize = 82;
    /// JI-201B.
    pub const JI_201B: usize = 83;
    /// TT-211B.
    pub const TT_211B: usize = 84;
    /// VT-211B.
    pub const VT_211B: usize = 85;
    /// XS-301.
    pub const XS_301: usize = 86;
    /// JI-301.
    pub const JI_301: usize = 87;
    /// TT-301.
    pub const TT_301: usize = 88;
    /// KI-301.
    pub const KI_301: usize = 89;
    /// PT-301.
    pub const PT_301: usize = 90;
    /// PDT-301.
    pub const PDT_301: usize = 91;
    /// MT-302.
    pub const MT_302: usize = 92;
    /// FT-302.
    pub const FT_302: usize = 93;
    /// PT-302.
    pub const PT_302: usize = 94;
    /// ZS-303.
    pub const ZS_303: usize = 95;
    /// XS-100.
    pub const XS_100: usize = 96;
    /// JI-100.
    pub const JI_100: usize = 97;
    /// XB-102.
    pub const XB_102: usize = 98;
    /// XS-110.
    pub const XS_110: usize = 99;
    /// XS-210.
    pub const XS_210: usize = 100;
    /// FIC-101.SP.
    pub const FIC_101_SP: usize = 101;
    /// FIC-101.OP.
    pub const FIC_101_OP: usize = 102;
    /// FIC-101.MODE.
    pub const FIC_101_MODE: usize = 103;
    /// LIC-100.SP.
    pub const LIC_100_SP: usize = 104;
    /// LIC-100.OP.
    pub const LIC_100_OP: usize = 105;
    /// LIC-100.MODE.
    pub const LIC_100_MODE: usize = 106;
    /// PIC-101.SP.
    pub const PIC_101_SP: usize = 107;
    /// PIC-101.OP.
    pub const PIC_101_OP: usize = 108;
    /// PIC-101.MODE.
    pub const PIC_101_MODE: usize = 109;
    /// TIC-101.SP.
    pub const TIC_101_SP: usize = 110;
    /// TIC-101.OP.
    pub const TIC_101_OP: usize = 111;
    /// TIC-101.MODE.
    pub const TIC_101_MODE: usize = 112;
    /// LIC-101.SP.
    pub const LIC_101_SP: usize = 113;
    /// LIC-101.OP.
    pub const LIC_101_OP: usize = 114;
    /// LIC-101.MODE.
    pub const LIC_101_MODE: usize = 115;
    /// PIC-103.SP.
    pub const PIC_103_SP: usize = 116;
    /// PIC-103.OP.
    pub const PIC_103_OP: usize = 117;
    /// PIC-103.MODE.
    pub const PIC_103_MODE: usize = 118;
    /// TIC-201.SP.
    pub const TIC_201_SP: usize = 119;
    /// TIC-201.OP.
    pub const TIC_201_OP: usize = 120;
    /// TIC-201.MODE.
    pub const TIC_201_MODE: usize = 121;
    /// LIC-201.SP.
    pub const LIC_201_SP: usize = 122;
    /// LIC-201.OP.
    pub const LIC_201_OP: usize = 123;
    /// LIC-201.MODE.
    pub const LIC_201_MODE: usize = 124;
}
