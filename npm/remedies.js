/**
 * What happened to the phone, and what helps then: for the affected person, whoever asks for a reset, and the command alike.
 * Facts are those of Fireblocks' help ("Device migration", "Re-enrolling mobile devices", "Freeze").
 *
 * @module
 */

/** @type {import("./gateway-api.js").Remedies} */
export const REMEDIES = {
  oldPhoneWorks: {
    label: "The old phone still works",
    reset: false,
    summary: "No reset is needed: a device migration moves the user to the new phone, and nobody has to approve it.",
    steps: [
      "The workspace's Owner has to have allowed it: in the Fireblocks Console, Settings, General, Linked user migration.",
      "On the old phone, in the Fireblocks app: Settings, Linked users, choose the user, Export. The QR code that it shows is good for an hour.",
      "On the new phone, in a freshly installed Fireblocks app: Import existing user, and scan the QR code. A backup of the old phone will not work.",
      "Export each further workspace on the old phone separately.",
    ],
  },
  lost: {
    label: "It is lost or broken",
    reset: true,
    summary: "A reset is the way. If the phone may turn up in other hands, say that it was stolen.",
    steps: [],
  },
  stolen: {
    label: "It was stolen",
    reset: true,
    summary: "A reset is one part. Tell your security team now, before anything else.",
    steps: [
      "Ask whether the workspace should be frozen. An Admin or Non-Signing Admin can freeze it: every operation of every user stops then, incoming transfers go on, and only Fireblocks' support can undo it, at the Owner's request.",
      "Other Fireblocks workspaces on the same phone each need a reset of their own.",
      "Whatever else the phone could sign in to is open to the thief as well: mail, the authenticator app, the identity provider.",
    ],
  },
  authenticatorLost: {
    label: "The authenticator app was on it too",
    reset: true,
    summary: "The sign-in's second factor comes first: without it nobody can sign in to scan the QR code.",
    steps: [
      "First the workspace's Owner resets the user's two-factor authentication in the Fireblocks Console. Nobody else can.",
      "Then the device is reset.",
    ],
  },
  owner: {
    label: "They are an Owner, here or in another workspace on that phone",
    reset: false,
    summary: "No admin can reset an Owner's device. Fireblocks' support does it.",
    steps: [
      "Write to Fireblocks' support from the Owner's own address, with the workspace's name and id, what happened to the phone and when.",
      "Have an identity document at hand: support verifies the Owner in a video call.",
      "If the old phone still works, the Owner can migrate it without anybody: choose that answer instead.",
    ],
  },
  changed: {
    label: "A new fingerprint, a forgotten PIN, or the app was removed",
    reset: true,
    summary: "A reset is the way, also where the phone itself is the same.",
    steps: [],
  },
};
