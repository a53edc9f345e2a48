const names = `Afrikaans af|Albanian sq|Amharic am|Arabic ar|Armenian hy|Assamese as|Azerbaijani az|Bashkir ba|Basque eu|\
Belarusian be|Bengali bn|Bosnian bs|Breton br|Bulgarian bg|Burmese my|Cantonese yue|Catalan ca|Chinese zh|Croatian hr|\
Czech cs|Danish da|Dutch nl|English en|Estonian et|Faroese fo|Finnish fi|French fr|Galician gl|Georgian ka|German de|\
Greek el|Gujarati gu|Haitian Creole ht|Hausa ha|Hawaiian haw|Hebrew he|Hindi hi|Hungarian hu|Icelandic is|Indonesian id|\
Italian it|Japanese ja|Javanese jv|Kannada kn|Kazakh kk|Khmer km|Korean ko|Lao lo|Latin la|Latvian lv|Lingala ln|\
Lithuanian lt|Luxembourgish lb|Macedonian mk|Malagasy mg|Malay ms|Malayalam ml|Maltese mt|Maori mi|Marathi mr|\
Mongolian mn|Nepali ne|Norwegian no|Norwegian Nynorsk nn|Occitan oc|Pashto ps|Persian fa|Polish pl|Portuguese pt|\
Punjabi pa|Romanian ro|Russian ru|Sanskrit sa|Serbian sr|Shona sn|Sindhi sd|Sinhala si|Slovak sk|Slovenian sl|Somali so|\
Spanish es|Sundanese su|Swahili sw|Swedish sv|Tagalog tl|Tajik tg|Tamil ta|Tatar tt|Telugu te|Thai th|Tibetan bo|\
Turkish tr|Turkmen tk|Ukrainian uk|Urdu ur|Uzbek uz|Vietnamese vi|Welsh cy|Yiddish yi|Yoruba yo`;

/** The languages that Whisper knows, and with it nearly every speech server. */
export const languages = names.split("|").map((each) => {
  const at = each.lastIndexOf(" ");
  return { value: each.slice(at + 1), words: each.slice(0, at) };
});

/** A language tag in words, such as "German"; the tag itself where the list lacks it. */
export const languageName = (tag: string): string =>
  languages.find(({ value }) => value === tag.toLowerCase().split("-")[0])?.words ?? tag;

/**
 * What can be chosen as a recording's language where this engine listens. The first is what is sent where nobody
 * chooses: nothing, so that an engine which cannot tell languages at least looks whether it is one of its own.
 */
export function languagesOf({ languages: known, detects }: { languages: string[] | null; detects: boolean }) {
  const offered = languages.filter(({ value }) => known === null || known.includes(value));
  return [{ value: "", words: detects ? "Whatever is spoken" : "Not sure" }, ...offered];
}
