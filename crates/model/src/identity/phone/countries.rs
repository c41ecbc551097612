//! Countries and their calling codes (ITU-T E.164, list of assigned codes).

/// A country, or a part of one with a code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1, two letters.
    pub iso: &'static str,
    /// What international numbers begin with, without the plus.
    pub code: &'static str,
}

impl Country {
    /// Indonesia, which forms begin with.
    pub const INDONESIA: Self = Self { iso: "ID", code: "62" };

    /// By its two letters, in either case.
    pub fn by_iso(iso: &str) -> Option<Self> {
        COUNTRIES.iter().copied().find(|country| country.iso.eq_ignore_ascii_case(iso))
    }

    /// By its calling code; of countries that share one, the largest.
    pub fn by_code(code: &str) -> Option<Self> {
        COUNTRIES.iter().copied().find(|country| country.code == code)
    }

    /// All of them, by their two letters; where a code is shared, the largest country comes first.
    pub const fn all() -> &'static [Self] {
        COUNTRIES
    }

    /// What stands before a number inside the country and is left out after the code.
    pub(super) fn trunk(self) -> &'static str {
        match self.code {
            // Numbers are dialled whole, their first digit with them.
            "39" | "378" | "30" | "34" | "351" | "352" | "45" | "47" | "48" | "65" | "852" | "853" | "420" | "356" | "357" | "371"
            | "372" | "354" | "965" | "968" | "973" | "974" | "225" | "229" | "241" | "242" => "",
            "1" => "1",
            "7" | "993" => "8",
            "375" => "80",
            "36" => "06",
            _ => "0",
        }
    }
}

macro_rules! countries {
    ($($iso:literal $code:literal)+) => {
        const COUNTRIES: &[Country] = &[$(Country { iso: $iso, code: $code }),+];
    };
}

countries! {
    "AD" "376" "AE" "971" "AF" "93" "AL" "355" "AM" "374" "AO" "244" "AR" "54" "AT" "43" "AU" "61" "AW" "297" "AZ" "994" "BA" "387"
    "BD" "880" "BE" "32" "BF" "226" "BG" "359" "BH" "973" "BI" "257" "BJ" "229" "BN" "673" "BO" "591" "BR" "55" "BT" "975" "BW" "267"
    "BY" "375" "BZ" "501" "CD" "243" "CF" "236" "CG" "242" "CH" "41" "CI" "225" "CK" "682" "CL" "56" "CM" "237" "CN" "86" "CO" "57"
    "CR" "506" "CU" "53" "CV" "238" "CW" "599" "CY" "357" "CZ" "420" "DE" "49" "DJ" "253" "DK" "45" "DZ" "213" "EC" "593" "EE" "372"
    "EG" "20" "ER" "291" "ES" "34" "ET" "251" "FI" "358" "FJ" "679" "FK" "500" "FM" "691" "FO" "298" "FR" "33" "GA" "241" "GB" "44"
    "GE" "995" "GF" "594" "GH" "233" "GI" "350" "GL" "299" "GM" "220" "GN" "224" "GP" "590" "GQ" "240" "GR" "30" "GT" "502" "GW" "245"
    "GY" "592" "HK" "852" "HN" "504" "HR" "385" "HT" "509" "HU" "36" "ID" "62" "IE" "353" "IL" "972" "IN" "91" "IQ" "964" "IR" "98"
    "IS" "354" "IT" "39" "JO" "962" "JP" "81" "KE" "254" "KG" "996" "KH" "855" "KI" "686" "KM" "269" "KP" "850" "KR" "82" "KW" "965"
    "LA" "856" "LB" "961" "LI" "423" "LK" "94" "LR" "231" "LS" "266" "LT" "370" "LU" "352" "LV" "371" "LY" "218" "MA" "212" "MC" "377"
    "MD" "373" "ME" "382" "MG" "261" "MH" "692" "MK" "389" "ML" "223" "MM" "95" "MN" "976" "MO" "853" "MQ" "596" "MR" "222" "MT" "356"
    "MU" "230" "MV" "960" "MW" "265" "MX" "52" "MY" "60" "MZ" "258" "NA" "264" "NC" "687" "NE" "227" "NG" "234" "NI" "505" "NL" "31"
    "NO" "47" "NP" "977" "NR" "674" "NU" "683" "NZ" "64" "OM" "968" "PA" "507" "PE" "51" "PF" "689" "PG" "675" "PH" "63" "PK" "92"
    "PL" "48" "PM" "508" "PS" "970" "PT" "351" "PW" "680" "PY" "595" "QA" "974" "RE" "262" "RO" "40" "RS" "381" "RU" "7" "RW" "250"
    "SA" "966" "SB" "677" "SC" "248" "SD" "249" "SE" "46" "SG" "65" "SI" "386" "SK" "421" "SL" "232" "SM" "378" "SN" "221" "SO" "252"
    "SR" "597" "SS" "211" "ST" "239" "SV" "503" "SY" "963" "SZ" "268" "TD" "235" "TG" "228" "TH" "66" "TJ" "992" "TL" "670" "TM" "993"
    "TN" "216" "TO" "676" "TR" "90" "TV" "688" "TW" "886" "TZ" "255" "UA" "380" "UG" "256" "US" "1" "UY" "598" "UZ" "998" "VE" "58"
    "VN" "84" "VU" "678" "WF" "681" "WS" "685" "XK" "383" "YE" "967" "ZA" "27" "ZM" "260" "ZW" "263"
    "CA" "1" "JM" "1" "PR" "1" "TT" "1" "BS" "1" "BB" "1" "DO" "1" "GU" "1" "GG" "44" "IM" "44" "JE" "44" "KZ" "7" "YT" "262"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_unique_and_no_code_begins_with_another() {
        let mut letters: Vec<_> = COUNTRIES.iter().map(|country| country.iso).collect();
        letters.sort_unstable();
        let count = letters.len();
        letters.dedup();
        assert_eq!(letters.len(), count);
        for one in COUNTRIES {
            assert!(one.iso.len() == 2 && (1..=3).contains(&one.code.len()) && one.code.bytes().all(|b| b.is_ascii_digit()));
            for other in COUNTRIES {
                assert!(one.code == other.code || !one.code.starts_with(other.code), "{} {}", one.iso, other.iso);
            }
        }
        assert_eq!(Country::by_iso("id"), Some(Country::INDONESIA));
        assert_eq!(Country::by_code("1").map(|country| country.iso), Some("US"));
    }
}
