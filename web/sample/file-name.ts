/** What the shipped meeting's file is called, by which its page knows it. */
export const sampleFile = "sample-meeting.mp3";
