//! Whose device the payload of a request is about. Fireblocks does not publish where it puts the person, so a place proves
//! only by a name that says it: whatever is called otherwise may be somebody who asked, decides or is told. A name that says
//! `user` alone may be of whoever asked, too: it proves where nothing beside it can be another person's.

use crate::json::Json;
use crate::names::{listed, value_of};

/// What the name of a member says of what is in it. Ordered by how plainly it says whose device it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Nobody whose device it can be: the request's own, and those who asked or are told.
    Beside,
    /// What the request is about. The `id` in it is not a person's.
    Data,
    /// The same, with an `id` that is a device's.
    Device,
    /// A person: whose device it is, unless another place says it more plainly.
    Person,
    /// Whose device it is.
    Target,
}

/// Names of members; with `id` after them, they hold an id. In lower case, without dashes.
const PLACES: &[(&str, Place)] = &[
    ("person", Place::Person),
    ("user", Place::Person),
    ("consoleuser", Place::Person),
    ("target", Place::Target),
    ("targetperson", Place::Target),
    ("targetuser", Place::Target),
    ("targetconsoleuser", Place::Target),
    ("subjectuser", Place::Target),
    ("deviceowner", Place::Target),
    ("deviceuser", Place::Target),
    ("requestdata", Place::Data),
    ("data", Place::Data),
    ("details", Place::Data),
    ("params", Place::Data),
    ("parameters", Place::Data),
    ("body", Place::Data),
    ("device", Place::Device),
    ("deviceid", Place::Beside),
    ("requestid", Place::Beside),
    ("requesttype", Place::Beside),
    ("email", Place::Beside),
    ("initiator", Place::Beside),
    ("createdby", Place::Beside),
    ("calleruser", Place::Beside),
    ("notify", Place::Beside),
];

impl Place {
    fn of(name: &str) -> Option<Self> {
        value_of(PLACES, name).or_else(|| value_of(PLACES, name.strip_suffix("id")?))
    }
}

/// What is longer is no id, in UTF-16 units.
const LONGEST_ID: u32 = 1_024;
/// A payload is not searched any deeper.
const DEEPEST: u32 = 6;

/// How plainly a payload names our user as the one whose device it is, and how plainly somebody else.
pub struct Named<'a> {
    user_id: &'a str,
    ours: Place,
    other: Place,
}

impl<'a> Named<'a> {
    /// Whether `request` is about this user's device, and not as plainly about another's.
    pub fn is_ours<J: Json>(request: &J, user_id: &'a str) -> bool {
        let mut named = Self { user_id, ours: Place::Beside, other: Place::Beside };
        named.search(request, Place::Data, DEEPEST);
        named.ours > named.other
    }

    /// Whether `node` names our user. `place` is the one that holds it.
    fn search<J: Json>(&mut self, node: &J, place: Place, deeper: u32) -> bool {
        let is_person = place >= Place::Person;
        let mut is_ours = is_person && node.text(LONGEST_ID).as_deref() == Some(self.user_id);
        // Of what is told as a text, or lies too deep, nobody knows whom it names.
        let mut may_name_others = !is_person && (deeper == 0 || node.text(1).is_some());
        if let Some(deeper) = deeper.checked_sub(1) {
            for index in 0..node.length() {
                is_ours |= self.search(&node.element(index), place, deeper);
            }
            let names = node.names();
            for index in 0..names.length() {
                let name = names.element(index).text(LONGEST_ID).unwrap_or_default();
                let (known, value) = (listed(&name), node.member(&name));
                let inner = match Place::of(&known) {
                    Some(inner) if inner >= Place::Person => inner.max(place),
                    None if known == "id" && is_person => place,
                    None if known == "id" && place == Place::Device => Place::Beside,
                    // All else of a person is nobody else's.
                    _ if is_person => Place::Beside,
                    Some(inner) => inner,
                    None => {
                        may_name_others |= !value.is_nothing() && value.number().is_none() && value.boolean().is_none();
                        Place::Beside
                    }
                };
                is_ours |= inner > Place::Beside && self.search(&value, inner, deeper);
            }
        }
        if may_name_others {
            self.other = self.other.max(Place::Person);
        }
        // Whatever else stands for a person is another, however it is told of.
        if is_person && !node.is_nothing() {
            let named = if is_ours { &mut self.ours } else { &mut self.other };
            *named = (*named).max(place);
        }
        is_ours
    }
}
