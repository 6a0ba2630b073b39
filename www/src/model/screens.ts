/** What each screen is called, and what it says of itself. */

export const SCREENS = {
  users: {
    title: "Users",
    intro: "Find the person whose phone is lost or replaced, and ask for a reset.",
    introOfOthers: "Everybody in this workspace, and the resets that are open. Your role lets you look, not reset.",
  },
  history: { title: "History", intro: "Every reset that was asked for here, newest first." },
  refused: {
    title: "Refused attempts",
    intro:
      "Who tried what they may not, newest first. The same on one day is one line. Nothing of it was sent to Fireblocks.",
    more: "Show more",
  },
  record: { title: "Reset" },
  queue: {
    title: "To do",
    intro: "What needs somebody now, the most urgent first.",
    more: "Some lists are longer. The newest of each are shown; the history has all.",
  },
  me: { title: "Your device" },
  help: { title: "Request for help" },
  confirm: {
    title: "Confirm a reset",
    intro: "You are named as this person's manager. Nothing is sent to Fireblocks by your answer alone.",
  },
  button: {
    title: "Button",
    intro:
      "The package brings this button for any admin page of your own. Here it is live: what it asks for is a real request in the workspace above.",
    stage: "The button is shown for the user whose id you enter.",
    choose: "Choose a user",
    nobody: "This workspace has no user with this id.",
    noEvents: "None yet. Each change of the button's state is an event that your page can hear.",
  },
  notFound: {
    title: "Page not found",
    intro: "No screen has this address. The link may be incomplete. Nothing was sent or changed.",
  },
} as const;
