//! Tables of the names that values have in JavaScript and at Fireblocks.

/// The value that `name` stands for.
pub fn value_of<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|&(_, value)| value)
}

/// The name of `value`; empty where it has none.
pub fn name_of<T: Copy + PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, known)| *known == value).map_or("", |&(name, _)| name)
}

/// A name of others' as tables list it: in lower case, its words run together.
pub fn listed(name: &str) -> String {
    let mut listed = String::new();
    for character in name.chars().filter(|character| !matches!(character, '_' | '-' | ' ')) {
        listed.push(character.to_ascii_lowercase());
    }
    listed
}
