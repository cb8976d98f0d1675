//! Numbers of rows and words in few bytes, as they stand in columns: four bytes each, the lowest first.

/// The numbers that are kept in some bytes.
pub(crate) fn of(kept: &[u8]) -> impl Iterator<Item = u32> {
    kept.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number))
}

/// The numbers that are kept in twos.
pub(crate) fn pairs(kept: &[u8]) -> impl Iterator<Item = (u32, u32)> {
    let number = |bytes: [u8; 4]| u32::from_le_bytes(bytes);
    kept.as_chunks::<8>()
        .0
        .iter()
        .map(move |[a, b, c, d, e, f, g, h]| (number([*a, *b, *c, *d]), number([*e, *f, *g, *h])))
}

/// Numbers as they are kept.
pub(crate) fn kept(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// As a list in JSON.
pub(crate) fn list(kept: &[u8]) -> String {
    let all: Vec<String> = of(kept).map(|number| number.to_string()).collect();
    format!("[{}]", all.join(","))
}

/// As a list in JSON of one number for each two: the first is in the higher half.
pub(crate) fn list_of_pairs(kept: &[u8]) -> String {
    let all: Vec<String> = pairs(kept).map(|(a, b)| (u64::from(a) << 32 | u64::from(b)).to_string()).collect();
    format!("[{}]", all.join(","))
}

/// Of a list with commas between the numbers.
pub(crate) fn of_list(list: &str) -> Vec<u8> {
    kept(list.split(',').filter_map(|number| number.trim().parse().ok()))
}

/// With some more numbers at the end.
pub(crate) fn with(kept: &[u8], more: &[u32]) -> Vec<u8> {
    let mut all = kept.to_vec();
    more.iter().for_each(|number| all.extend(number.to_le_bytes()));
    all
}

/// Without some numbers where they first stand in a row, counted in steps of as many.
pub(crate) fn without(kept: &[u8], numbers: &[u32]) -> Vec<u8> {
    let gone = self::kept(numbers.iter().copied());
    let mut all = kept.to_vec();
    if let Some(at) = kept.chunks_exact(gone.len().max(4)).position(|chunk| chunk == gone) {
        all.drain(at * gone.len()..(at + 1) * gone.len());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_and_go() {
        let two = with(&with(&[], &[7, 300]), &[7, 301]);
        assert_eq!(pairs(&two).collect::<Vec<_>>(), [(7, 300), (7, 301)]);
        assert_eq!(list(&two), "[7,300,7,301]");
        assert_eq!(list_of_pairs(&kept([1, 2])), "[4294967298]");
        assert_eq!(of_list("7,300,7,301"), two);
        assert!(of_list("").is_empty());
        assert_eq!(of(&without(&two, &[7, 300])).collect::<Vec<_>>(), [7, 301]);
        // 300 stands in the second place, 7 in the first.
        assert_eq!(without(&two, &[300, 7]), two);
        assert_eq!(of(&without(&kept([5, 6, 5]), &[5])).collect::<Vec<_>>(), [6, 5]);
        assert!(without(&[], &[5]).is_empty());
        assert_eq!(without(&two, &[]), two);
    }
}
