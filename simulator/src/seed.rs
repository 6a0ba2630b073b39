//! The workspace that a first start makes: the same people with the same ids each time, of any number.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use crate::api_users::{self, ApiUser};
use crate::console_users::{
    self, ConsoleUser, PENDING_ACTIVATION, PENDING_DEVICE_PAIRING, PENDING_DEVICE_SETUP, READY,
};

/// How many console users a workspace gets when nobody says.
const DEFAULT_USERS: u32 = 60;

/// The namespace of the seed's ids.
const NAMESPACE: Uuid = Uuid::from_u128(0x6e6f_7274_6877_696e_6474_7265_6173_7572);

/// The API user that the JSON line on stdout names. The least role that may reset and cannot sign transactions.
pub const MAIN_ROLE: &str = "NON_SIGNING_ADMIN";

/// The roles of the API users that every start has, with one key pair for all.
pub const API_USER_ROLES: [&str; 2] = [MAIN_ROLE, "ADMIN"];

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

const FIRST_NAMES: [&str; 60] = [
    "Adaeze",
    "Alina",
    "Anders",
    "Aoife",
    "Arjun",
    "Beatriz",
    "Bilal",
    "Camille",
    "Chen",
    "Clara",
    "Daniel",
    "Diego",
    "Dilnoza",
    "Elena",
    "Emeka",
    "Esther",
    "Farah",
    "Felix",
    "Gabriela",
    "Goran",
    "Hana",
    "Hugo",
    "Ibrahim",
    "Ingrid",
    "Ivan",
    "Jamal",
    "Joana",
    "Julia",
    "Kamala",
    "Karim",
    "Katarzyna",
    "Kofi",
    "Lars",
    "Leila",
    "Lin",
    "Lucia",
    "Mateo",
    "Mei",
    "Milan",
    "Mona",
    "Nadia",
    "Niamh",
    "Oksana",
    "Olu",
    "Paolo",
    "Petra",
    "Rania",
    "Ravi",
    "Rosa",
    "Samir",
    "Sanne",
    "Sofia",
    "Stefan",
    "Tariq",
    "Thandi",
    "Tuan",
    "Valeria",
    "Wei",
    "Yara",
    "Zofia",
];

const LAST_NAMES: [&str; 61] = [
    "Abbott",
    "Achebe",
    "Almeida",
    "Andersson",
    "Aziz",
    "Banerjee",
    "Becker",
    "Bianchi",
    "Boateng",
    "Bondarenko",
    "Castillo",
    "Chang",
    "Costa",
    "Dahl",
    "Delacroix",
    "Diallo",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Fischer",
    "Fonseca",
    "Garcia",
    "Gupta",
    "Haas",
    "Hassan",
    "Hoffmann",
    "Ibarra",
    "Ito",
    "Jansen",
    "Kaya",
    "Khan",
    "Kim",
    "Kowalska",
    "Kumar",
    "Larsen",
    "Laurent",
    "Lopez",
    "Mbeki",
    "Mensah",
    "Moreau",
    "Murphy",
    "Nakamura",
    "Nguyen",
    "Novak",
    "Obi",
    "Okoye",
    "Olsen",
    "Park",
    "Petrov",
    "Reyes",
    "Rossi",
    "Santos",
    "Sato",
    "Schmidt",
    "Silva",
    "Tanaka",
    "Tran",
    "Varga",
    "Vasquez",
    "Wang",
    "Yilmaz",
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
fn user(position: u32) -> ConsoleUser {
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
fn fixed_users() -> u32 {
    u32::try_from(PEOPLE.len() + 1).unwrap_or_default()
}

/// Makes the workspace, or brings its size to `users`. What happened to those who stay is kept.
pub fn plant(state: &Connection, users: Option<u32>) -> Result<()> {
    let seeded: Option<u32> = state.query_row("SELECT seeded_users FROM workspace", [], |row| row.get(0)).optional()?;
    let wanted = users.or(seeded).unwrap_or(DEFAULT_USERS).max(fixed_users());
    match seeded {
        Some(seeded) => {
            for position in wanted..seeded {
                state.prepare_cached("DELETE FROM console_users WHERE id = ?")?.execute([user(position).id])?;
            }
            state.execute("UPDATE workspace SET seeded_users = ?", [wanted])?;
        }
        None => {
            let audience = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            state.execute(
                "INSERT INTO workspace (id, name, audience, seeded_users) VALUES (?, ?, ?, ?)",
                params![Uuid::new_v5(&NAMESPACE, b"workspace").to_string(), "Northwind Treasury", audience, wanted],
            )?;
        }
    }
    for position in 0..wanted {
        console_users::insert(state, &user(position))?;
    }
    Ok(())
}

/// Puts the people back as the seed made them, and removes those it did not make.
pub fn replant(state: &Connection) -> Result<()> {
    state.execute("DELETE FROM console_users", [])?;
    plant(state, None)
}

/// The API users of every start. They share `public_key`: only the role differs.
pub fn plant_api_users(state: &Connection, public_key: &[u8]) -> Result<()> {
    for role in API_USER_ROLES {
        let name = api_user_name(role);
        let api_key = match api_users::key_by_name(state, &name)? {
            Some(api_key) => api_key,
            None => Uuid::new_v4().to_string(),
        };
        api_users::put(
            state,
            &ApiUser {
                api_key,
                name,
                role: role.into(),
                public_key: public_key.to_vec(),
                enabled: true,
                certificate_expired: false,
            },
        )?;
    }
    Ok(())
}

/// The name of the seeded API user with this role.
pub fn api_user_name(role: &str) -> String {
    format!("Device resets ({role})")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::store;

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

    #[test]
    fn a_workspace_grows_and_shrinks_and_keeps_what_happened() {
        let state = store::in_memory();
        plant(&state, None).unwrap();
        assert_eq!(console_users::list(&state).unwrap().len(), 60);
        let noor = user(5).id;
        console_users::set_status(&state, &noor, PENDING_DEVICE_PAIRING, None).unwrap();
        plant(&state, Some(200)).unwrap();
        assert_eq!(console_users::list(&state).unwrap().len(), 200);
        plant(&state, Some(3)).unwrap();
        assert_eq!(console_users::list(&state).unwrap().len(), 11);
        let kept = console_users::find(&state, &noor).unwrap().unwrap();
        assert_eq!(kept.status, PENDING_DEVICE_PAIRING);
        replant(&state).unwrap();
        let anew = console_users::find(&state, &noor).unwrap().unwrap();
        assert_eq!(anew.status, READY);
    }
}
