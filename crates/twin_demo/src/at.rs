//! Places of the signals in [`crate::signals::SIGNALS`], for those the demonstration itself looks at.

macro_rules! places {
    ($($name:ident $index:literal $tag:literal;)+) => {
        $(#[doc = $tag] pub const $name: usize = $index;)+

        #[cfg(test)]
        pub(crate) const PLACES: &[(usize, &str)] = &[$(($name, $tag),)+];
    };
}

places! {
    PT_107A 7 "PT-107A";
    XS_101A 8 "XS-101A";
    SI_101A 9 "SI-101A";
    II_101A 10 "II-101A";
    PT_107B 21 "PT-107B";
    XS_101B 22 "XS-101B";
    II_101B 24 "II-101B";
    PT_101 33 "PT-101";
    TT_101 36 "TT-101";
    FT_101 38 "FT-101";
    LT_101 44 "LT-101";
    TT_103 48 "TT-103";
    XS_102 56 "XS-102";
    LT_102 62 "LT-102";
    XS_221 72 "XS-221";
    XS_201A 78 "XS-201A";
    XS_201B 82 "XS-201B";
    XS_301 86 "XS-301";
    PT_302 94 "PT-302";
    XS_100 96 "XS-100";
    XS_110 99 "XS-110";
    XS_210 100 "XS-210";
    LIC_101_MODE 115 "LIC-101.MODE";
}

#[cfg(test)]
mod tests {
    use super::PLACES;
    use crate::signals::SIGNALS;

    #[test]
    fn every_place_is_that_of_its_tag() {
        for (index, tag) in PLACES {
            assert_eq!(SIGNALS[*index].tag, *tag);
        }
    }
}
