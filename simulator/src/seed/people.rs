//! Who is in the workspace: the same people with the same ids each time, of any number.

use uuid::Uuid;

use super::names::{FIRST_NAMES, LAST_NAMES};
use crate::workspace::console_users::{
    ConsoleUser, PENDING_ACTIVATION, PENDING_DEVICE_PAIRING, PENDING_DEVICE_SETUP, READY,
};

/// The namespace of the seed's ids.
pub const NAMESPACE: Uuid = Uuid::from_u128(0x6e6f_7274_6877_696e_6474_7265_6173_7572);

/// Someone who is always there.
struct Person {
    first_name: &'static str,
    last_name: &'static str,
    role: &'static str,
    status: &'static str,
    enabled: bool,
}

const fn person(first_name: &'static str, last_name: &'static str, role: &'static str) -> Person {
    Person { first_name, last_name, role, status: READY, enabled: true }
}

/// The people that documents and tests speak of.
const PEOPLE: [Person; 10] = [
    person("Margaret", "Okafor", "OWNER"),
    person("Amara", "Lindqvist", "ADMIN"),
    person("Jonas", "Weber", "NON_SIGNING_ADMIN"),
    person("Priya", "Nair", "VIEWER"),
    person("Tomas", "Herrera", "AUDITOR"),
    person("Noor", "Haddad", "SIGNER"),
    person("Eli", "Brandt", "EDITOR"),
    Person { enabled: false, ..person("Silvia", "Marchetti", "SIGNER") },
    Person { status: PENDING_ACTIVATION, ..person("Kenji", "Watanabe", "APPROVER") },
    Person { status: PENDING_DEVICE_PAIRING, ..person("Ines", "Carvalho", "SIGNER") },
];

/// Roles of the generated people, as a treasury has them: most sign or look, few administer.
const ROLES: [&str; 16] = [
    "SIGNER",
    "VIEWER",
    "EDITOR",
    "SIGNER",
    "APPROVER",
    "VIEWER",
    "SIGNER",
    "EDITOR",
    "APPROVER",
    "SIGNER",
    "VIEWER",
    "AUDITOR",
    "SIGNER",
    "NON_SIGNING_ADMIN",
    "COLLATERALS_SIGNER",
    "SECURITY_AUDITOR",
];

/// The user at a place of the seed.
pub fn user(position: u32) -> ConsoleUser {
    let id = Uuid::new_v5(&NAMESPACE, format!("console-user-{position}").as_bytes()).to_string();
    let index = usize::try_from(position).unwrap_or_default();
    if let Some(person) = PEOPLE.get(index) {
        return ConsoleUser {
            id,
            first_name: person.first_name.into(),
            last_name: person.last_name.into(),
            email: Some(email(person.first_name, person.last_name, 0)),
            role: person.role.into(),
            enabled: person.enabled,
            status: person.status.into(),
            user_type: "CONSOLE".into(),
        };
    }
    if index == PEOPLE.len() {
        return ConsoleUser {
            id,
            first_name: "Treasury".into(),
            last_name: "Reporting".into(),
            email: None,
            role: "VIEWER".into(),
            enabled: true,
            status: READY.into(),
            user_type: "API".into(),
        };
    }
    // 60 and 61 share no factor: every pair of names comes once before one comes again.
    let generated = index - PEOPLE.len() - 1;
    let first_name = pick(&FIRST_NAMES, generated);
    let last_name = pick(&LAST_NAMES, generated);
    let role = pick(&ROLES, generated);
    let has_device = !matches!(role, "VIEWER" | "EDITOR");
    let status = match generated % 37 {
        11 => PENDING_ACTIVATION,
        19 if has_device => PENDING_DEVICE_PAIRING,
        30 if has_device => PENDING_DEVICE_SETUP,
        _ => READY,
    };
    ConsoleUser {
        id,
        first_name: first_name.into(),
        last_name: last_name.into(),
        email: Some(email(first_name, last_name, generated / (FIRST_NAMES.len() * LAST_NAMES.len()))),
        role: role.into(),
        enabled: generated % 29 != 23,
        status: status.into(),
        user_type: "CONSOLE".into(),
    }
}

fn pick(names: &[&'static str], index: usize) -> &'static str {
    names.get(index % names.len()).copied().unwrap_or_default()
}

fn email(first_name: &str, last_name: &str, round: usize) -> String {
    let number = if round == 0 { String::new() } else { (round + 1).to_string() };
    format!("{first_name}.{last_name}{number}@northwind.example").to_lowercase()
}

/// The named people who can sign in: e-mail, full name, role.
pub fn sign_in_people() -> Vec<ConsoleUser> {
    (0..).zip(&PEOPLE).map(|(position, _)| user(position)).filter(|user| user.enabled && user.status == READY).collect()
}

/// The number of users that are always there.
pub fn fixed_users() -> u32 {
    u32::try_from(PEOPLE.len() + 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ten_thousand_people_have_ten_thousand_ids_and_addresses() {
        let users: Vec<_> = (0..10_000).map(user).collect();
        assert_eq!(users.iter().map(|user| &user.id).collect::<HashSet<_>>().len(), 10_000);
        let emails: HashSet<_> = users.iter().filter_map(|user| user.email.as_ref()).collect();
        assert_eq!(emails.len(), 9_999, "everyone but the API user");
    }

    #[test]
    fn ids_stay_the_same_from_build_to_build() {
        assert_eq!(user(5).email.as_deref(), Some("noor.haddad@northwind.example"));
        assert_eq!(user(5).id, "6ced6185-ea67-5000-b43d-765c1ec16c99");
    }
}
