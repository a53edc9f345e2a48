const address = /(https?:\/\/[^\s<>"']+)/g;

/** Text as it came, in which only web addresses are links. */
export function LinkedText({ text }: { text: string }) {
  return (
    <p className="break-words whitespace-pre-wrap">
      {text.split(address).map((part, index) =>
        // Of what is split by a group, every second part is what the group found.
        index % 2 === 1 ? <SafeLink key={index} to={part} /> : part,
      )}
    </p>
  );
}

function SafeLink({ to }: { to: string }) {
  // What ends a sentence does not belong to the address before it.
  const [, url = to, rest = ""] = /^(.*?)([.,;:!?)\]]*)$/s.exec(to) ?? [];
  if (!URL.canParse(url)) return to;
  return (
    <>
      <a href={url} target="_blank" rel="noopener noreferrer nofollow" className="link">
        {url}
      </a>
      {rest}
    </>
  );
}
