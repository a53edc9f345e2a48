/** Sentences by what a careful reader would call them, each as [sentence, owner, due], spoken on Saturday 2026-11-21 by SPEAKER_02. */
export const tasks: [string, string | null, string | null][] = [
  ["I'll send the updated spreadsheet by Friday.", "Speaker 2", "2026-11-27"],
  ["I will email the client tomorrow.", "Speaker 2", "2026-11-22"],
  ["Bob will prepare the slides for the board by next Tuesday.", "Bob", "2026-11-24"],
  ["Priya will draft the press release by December 3rd.", "Priya", "2026-12-03"],
  ["Okay, so Alice Johnson needs to review the contract before Monday.", "Alice Johnson", "2026-11-23"],
  ["Bob, can you call the printer about the brochures?", "Bob", null],
  ["Can you send me the minutes by the end of the week?", null, "2026-11-27"],
  ["Could you please book the venue for the workshop?", null, null],
  ["Action item: update the onboarding guide.", null, null],
  ["Action item for Carol: order two new laptops by the end of the month.", "Carol", "2026-11-30"],
  ["Somebody needs to fix the login page.", null, null],
  ["The invoice needs to be paid by Thursday.", null, "2026-11-26"],
  ["We need to file the tax return by January 15th.", null, "2027-01-15"],
  ["Please forward the invitation to the whole team.", null, null],
  ["And David, please check the server logs tonight.", "David", "2026-11-21"],
  ["I'm going to write up the test report this afternoon.", "Speaker 2", "2026-11-21"],
  ["Marketing will publish the newsletter on Wednesday.", "Marketing", "2026-11-25"],
  ["Don't forget to renew the licence.", null, null],
  ["I’ll get back to you on that within three days.", "Speaker 2", "2026-11-24"],
  ["Maria agreed to interview the two candidates.", "Maria", null],
  ["You have to submit the form by 2026-12-01.", null, "2026-12-01"],
  ["Ravi is responsible for the database migration.", "Ravi", null],
  ["I need to finish the budget by tomorrow.", "Speaker 2", "2026-11-22"],
  ["she'll finalize the agenda by Monday", null, "2026-11-23"],
];

export const decisions: string[] = [
  "We decided to move the launch to March.",
  "Okay, let's go with the blue design.",
  "Agreed, we keep the current supplier.",
  "So the decision is to hire two engineers.",
  "We've agreed to drop support for the old version.",
  "The board has approved the budget.",
  "Then it's settled, the party is on the tenth.",
  "We're going with the second vendor.",
  "Alright, let's postpone the workshop.",
  "The committee unanimously voted for the merger.",
  "Decision: the office stays closed in August.",
];

/** Sentences that are neither, many of them made to look like one. */
export const neither: string[] = [
  "I'll be honest, it will rain tomorrow.",
  "I'll never forget that summer by the sea.",
  "I will say that the weather was better last year.",
  "The sun will rise at six on Friday.",
  "We haven't decided anything yet.",
  "We still need to decide who speaks first.",
  "If we decided to stay, what would it cost?",
  "Should we go with the green one?",
  "Have you decided where to eat?",
  "Can you hear me now?",
  "Can you see my screen?",
  "Could you explain what you mean by that?",
  "Will Bob send the report?",
  "I agreed with him that the film was too long.",
  "Nobody agreed on anything in that meeting.",
  "He decided early in life to become a painter.",
  "It will take some time before the results are clear.",
  "This will change everything we know about the ocean.",
  "Imagine we send a letter to the moon by Friday.",
  "I'll share my screen for a second.",
  "Let's see what happens next week.",
  "Let's talk about the second chapter.",
  "People will call you names on Monday.",
  "I would have sent the report by Friday.",
  "She used to review contracts for a living.",
  "You will find that the second half is easier.",
  "We sat down with the customer and had a long talk.",
  "I think the new release is much faster than the old one.",
  "They have to eat before the winter comes.",
  "In March the river will rise again.",
  "I'll tell you a story about my grandmother.",
  "Tomorrow is another day.",
  "That must be the reason why sales went up.",
  "The report was sent last Friday.",
  "Yesterday Bob sent the contract to the lawyers.",
  "I have to say the food was wonderful.",
  "You need to understand that this was before the war.",
  "Rain will fall on the mountains tonight.",
  "There will be a meeting about the budget on Tuesday.",
  "I will show you how a decision tree works.",
];

/** Ordinary talk to hide things in: `count` sentences, none of them a task or a decision, no two alike in a row. */
export function ordinaryTalk(count: number): string[] {
  const subjects = [
    "The museum",
    "Our garden",
    "The old library",
    "That film",
    "The harbour",
    "My first bicycle",
    "The orchestra",
  ];
  const middles = [
    "was quieter than I remembered",
    "looked wonderful in the evening light",
    "always reminds me of long summers",
    "had a strange smell of paint",
    "seemed far away from everything",
  ];
  const ends = [
    "and nobody minded the rain",
    "while children played outside",
    "although the weather was cold",
    "because the tide was high",
    "with music coming from a window",
    "and the tea was still warm",
    "as the trains went by",
    "though hardly anyone noticed",
    "like in those paintings from Delft",
    "and we laughed about it for hours",
    "which surprised my brother",
  ];
  return Array.from({ length: count }, (_, index) => {
    const pick = (list: string[]) => list[index % list.length] ?? "";
    return `${pick(subjects)} ${pick(middles)} ${pick(ends)}.`;
  });
}
