//! base64url without padding, as `WebAuthn`'s JSON writes bytes: for browsers that can't read and write that JSON themselves.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The bytes as text.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain([&0, &0]).take(3).fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        for place in 0..=chunk.len() {
            let letter = bits >> (18 - 6 * place) & 63;
            text.push(LETTERS.get(letter).copied().map_or('A', char::from));
        }
    }
    text
}

/// The text as bytes; `None` where a letter is none of ours.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_comes_back() {
        for length in 0..70 {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(length).map(|n| n.wrapping_mul(37) ^ 0xA5).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }

    #[test]
    fn the_letters_are_the_standards() {
        assert_eq!(encode(&[0xFB, 0xFF, 0xFE, 0x00]), "-__-AA");
        assert_eq!(decode("-__-AA=="), Some(vec![0xFB, 0xFF, 0xFE, 0x00]));
        assert_eq!(decode("a+b/"), None);
    }
}
