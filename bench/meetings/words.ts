/** What is said in a meeting's call: numbered, and naming its meeting, so that both are found again wherever it turns up. */
export const wordsOf = (meetingId: string, number: number) =>
  `${number} In meeting ${meetingId} we agreed to order the parts on Monday.`;

export const meetingIn = (text: string): string | null => /meeting ([0-9a-f]{8}-[0-9a-f-]{27})/.exec(text)?.[1] ?? null;
