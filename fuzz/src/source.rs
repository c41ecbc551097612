//! Bytes as decisions: what a target does with what the engine gives it.

/// Taken from the front, byte by byte; zeros where there are no more.
pub(crate) struct Source<'a>(&'a [u8]);

impl<'a> Source<'a> {
    pub(crate) const fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let (head, tail) = self.0.split_at(N.min(self.0.len()));
        array[..head.len()].copy_from_slice(head);
        self.0 = tail;
        array
    }

    /// A number below `end`, which is at most 65,536; zero where that is zero.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::from(u16::from_le_bytes(self.array())) % end.max(1)
    }

    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// At most so many bytes.
    pub(crate) fn bytes(&mut self, most: usize) -> &'a [u8] {
        let length = self.below(most + 1).min(self.0.len());
        let (head, tail) = self.0.split_at(length);
        self.0 = tail;
        head
    }

    /// At most so many bytes, as a text.
    pub(crate) fn text(&mut self, most: usize) -> String {
        String::from_utf8_lossy(self.bytes(most)).into_owned()
    }

    /// Everything that is left.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Up to three changes to a value: what somebody does who has it and wants another one.
    pub(crate) fn edited(&mut self, original: &[u8]) -> Vec<u8> {
        let mut value = original.to_vec();
        for _ in 0..self.below(4) {
            let place = self.below(value.len());
            match self.below(7) {
                0 if !value.is_empty() => value[place] = self.byte(),
                1 if !value.is_empty() => value[place] ^= 1 << self.below(8),
                2 if !value.is_empty() => drop(value.remove(place)),
                3 => value.insert(place, self.byte()),
                4 => value.truncate(place),
                5 => value.extend_from_slice(self.bytes(64)),
                6 => {
                    let end = place + self.below(value.len() - place + 1);
                    value.splice(place..end, self.bytes(64).iter().copied());
                }
                _ => {}
            }
        }
        value
    }

    /// The same for a text.
    pub(crate) fn edited_text(&mut self, original: &str) -> String {
        String::from_utf8_lossy(&self.edited(original.as_bytes())).into_owned()
    }
}
