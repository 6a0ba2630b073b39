//! The groups of the people's directory. A directory gives each an id; the name is whatever its maker liked.

use serde::Serialize;
use uuid::Uuid;

use crate::seed::people::NAMESPACE;
use crate::workspace::console_users::ConsoleUser;

/// As Access tells of it where the identity provider is a directory.
#[derive(Debug, Serialize)]
pub struct Group {
    /// Stable: the seed always makes the same.
    pub id: Uuid,
    pub name: &'static str,
    pub email: String,
}

/// The one whose e-mail is `mailbox@…`. What names a group for good is its mailbox here, and its id everywhere else.
fn group(mailbox: &str, name: &'static str) -> Group {
    Group {
        id: Uuid::new_v5(&NAMESPACE, format!("group-{mailbox}").as_bytes()),
        name,
        email: format!("{mailbox}@northwind.example"),
    }
}

/// The groups that somebody is in: everyone's, their team's, and for one of them a look-alike.
pub fn groups_of(person: &ConsoleUser) -> Vec<Group> {
    let team = match person.role.as_str() {
        "OWNER" | "ADMIN" | "NON_SIGNING_ADMIN" => "treasury-admins",
        "AUDITOR" => "audit",
        _ => "treasury",
    };
    let mut groups = vec![group("everyone", "everyone"), group(team, team)];
    // He made it himself, as anybody may in most directories, and gave it the name of the administrators'.
    if person.email.as_deref() == Some("eli.brandt@northwind.example") {
        groups.push(group("eli-and-friends", "treasury-admins"));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::people::sign_in_people;

    #[test]
    fn a_name_may_stand_for_two_groups_and_an_id_for_one() {
        let people = sign_in_people();
        let groups =
            |email: &str| groups_of(people.iter().find(|person| person.email.as_deref() == Some(email)).unwrap());
        let admins = groups("amara.lindqvist@northwind.example").remove(1);
        let look_alike = groups("eli.brandt@northwind.example").remove(2);
        assert_eq!(admins.name, look_alike.name);
        assert_ne!(admins.id, look_alike.id);
        assert_eq!(admins.id, groups("jonas.weber@northwind.example").remove(1).id);
    }
}
