/** Verbs that are work whatever follows them. */
const strongVerbs =
  "send|e-?mail|mail|schedule|reschedule|book|draft|prepare|circulate|forward|submit|organi[sz]e|arrange|finali[sz]e|review|update|fix|deploy|publish|upload|share|contact|follow up|reach out|set up|set aside|look into|get back to|take care of|write up|write down|put together|check with|check in with|talk to|speak to|sync with|ping|order|invite|notify|remind|file|investigate|research|compile|document|implement|double-?check|confirm|verify|negotiate|interview|hire|renew|coordinate|come up with|escalate|merge|migrate|clean up|deliver|approve|sign off|sign|pay|ship|release|refactor|proofread|onboard|handle|collect|gather|summari[sz]e|order|purchase|register|recruit|call back|ring|chase|own|loop in";

/** Verbs that are work only with a deadline or with something of work as their object. */
const weakVerbs =
  "call|write|add|check|ask|find|get|make|move|bring|buy|build|test|run|read|print|translate|record|post|take|do|discuss|meet|speak|install|design|start|remove|change|train|lead|sort|try|finish|complete|create|present|open|close|put|work on|give|sort out|figure out|plan|decide|define|set|replace|rewrite|measure|provide|return|have (?:[^ ]+ ){1,5}(?:ready|done|finished|fixed)";

const workThings =
  /\b(?:reports?|documents?|documentation|docs?|e-?mails?|tickets?|drafts?|notes|minutes|invoices?|contracts?|slides?|decks?|budgets?|proposals?|spreadsheets?|meetings?|invit(?:es?|ations?)|clients?|customers?|vendors?|suppliers?|pull requests?|bugs?|release|tests?|servers?|database|agenda|quotes?|purchase|website|landing page|calendar|candidates?|appointments?|prototypes?|designs?|licen[cs]es?|tickets|logs?|backups?|dashboards?|samples|estimates?|roadmap|press release|newsletter|survey|venue|flights?|hotel|mock-?ups?|screenshots?|patch|build|migration|onboarding|action item|legal|finance|accounting|the bank|the landlord)\b/i;

const adverbs =
  "(?:(?:also|just|then|definitely|personally|now|still|probably|please|quickly|certainly|maybe|go ahead and|make sure to|try to|be sure to|need to|have to|go and|be able to|kindly|actually|really) )*";

export const strongVerb = `${adverbs}(?:${strongVerbs})\\b`;
export const weakVerb = `${adverbs}(?:${weakVerbs})\\b`;
export const namesWorkObject = (text: string) => workThings.test(text);

/** Work verbs used for something that is no task. */
const noTasks =
  /\bshare (?:my|the|your|this) screen\b|\b(?:send|share|take|make|give) (?:you )?(?:my|our|your|his|her|a) (?:love|regards|best|thoughts|story|look|break|moment|second|minute|guess|chance|shot|example|sense|deal of)\b|\bcall it (?:a day|that)\b|\bsign (?:in|out|off from)\b|\border of\b|\bown up\b|\bmake sense\b|\btake (?:place|part|time|over the world|it easy)\b|\bdo (?:that|it) (?:again|like)\b/i;
/** Sentences that only imagine, or tell the past. */
const unreal =
  /\b(?:what if|imagine|suppose|as if|i wish|would have|could have|should have|used to|used (?:as|for)|in theory|hypothetically|once upon|every time|whenever|back then|for example|for instance)\b/i;

export const isNoTask = (text: string) => noTasks.test(text) || unreal.test(text);
