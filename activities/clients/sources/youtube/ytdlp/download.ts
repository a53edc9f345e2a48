import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { shortAddress } from "#domain/channels/youtube.ts";
import { SourceFailed } from "../../source-failed.ts";
import type { FetchedMedia, MediaToFetch } from "../../types.ts";
import { chaptersOf, chaptersTemplate } from "./chapters.ts";
import { startGuardingProxy } from "./guarding-proxy.ts";
import { asMissing, commonArguments, failureOf, toolOf } from "./invocation.ts";
import type { YtdlpDeps } from "./invocation.ts";
import { runYtdlp } from "./run.ts";

const silentMs = 180_000;
const deadlineMs = 5.5 * 3_600_000;
const mark = "convene-bytes";
const fileMark = "convene-file";
const chaptersMark = "convene-chapters";

/**
 * Fetches a video's sound by yt-dlp. What has arrived lies in a folder beside the file until it is whole, named by its
 * format, so that a later try goes on with the same bytes, and only with the same.
 */
export async function downloadByYtdlp(
  deps: YtdlpDeps,
  { url, into, mostBytes, signal, onProgress }: MediaToFetch,
): Promise<FetchedMedia> {
  const whole = await sizeOf(into);
  if (whole !== null) return { bytes: whole, contentType: null, validator: null, chapters: await keptChapters(into) };
  const tool = await toolOf(deps, url);
  const shown = shortAddress(url);
  const folder = `${into}.parts`;
  await mkdir(folder, { recursive: true });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new SourceFailed("timed_out", shown)), deadlineMs);
  const tooLarge = () => stop.abort(new SourceFailed("too_large", shown));
  // Besides the sound, pages and scripts come through it.
  const limits = { mostBytes: mostBytes + 100_000_000, onTooMuch: tooLarge };
  try {
    await using own = deps.proxy === undefined ? await startGuardingProxy({ ...deps, ...limits }) : null;
    const proxy = deps.proxy ?? own?.url ?? "";
    let file: string | null = null;
    let chapters = "";
    let reason = "";
    const onLine = (line: string) => {
      const [name, ...values] = line.split("\t");
      if (name === fileMark) file = values[0] ?? null;
      if (name === chaptersMark) chapters = values[0] ?? "";
      if (/^\[download\] .*(?:does not pass filter|larger than max-filesize)/.test(line)) reason = line;
      if (name !== mark) return;
      // What is not known is `NA`.
      const [bytes = 0, total = Number.NaN, estimate = Number.NaN] = values.map(Number);
      if (bytes > mostBytes) tooLarge();
      const totalBytes = [total, estimate].find((each) => each > 0) ?? null;
      if (Number.isFinite(bytes)) onProgress({ bytes, totalBytes: totalBytes && Math.round(totalBytes) });
    };
    const { code, errors, isSilent } = await runYtdlp(tool, argumentsFor({ ...deps, url, folder, proxy, mostBytes }), {
      silentMs,
      signal: AbortSignal.any([signal, stop.signal]),
      onLine,
    }).catch(asMissing(shown));
    if (isSilent) throw new SourceFailed("timed_out", shown);
    if (code !== 0 || file === null) throw failureOf(reason + errors, shown);
    // Before the file is there whole: a later try finds both, or fetches on.
    await writeFile(chaptersPath(into), chapters);
    const bytes = await keep(file, { folder, into, url: shown });
    return { bytes, contentType: null, validator: null, chapters: chaptersOf(chapters) };
  } finally {
    clearTimeout(timer);
  }
}

function argumentsFor({
  url,
  folder,
  proxy,
  mostBytes,
  cacheDir,
}: {
  url: string;
  folder: string;
  proxy: string;
  mostBytes: number;
  cacheDir: string;
}): string[] {
  return [
    ...commonArguments({ cacheDir, proxy }),
    "--no-playlist",
    // Sound alone, else the smallest picture with it; a playlist of pieces only where there is nothing else.
    "--format",
    "ba[protocol^=http]/ba/b[height<=480]/b",
    // A stream is fetched when it is over.
    "--match-filters",
    "live_status!=?is_live & live_status!=?is_upcoming",
    "--max-filesize",
    String(mostBytes),
    "--fixup",
    "never",
    "--retries",
    "3",
    "--fragment-retries",
    "5",
    "--continue",
    "--part",
    "--no-mtime",
    "--no-overwrites",
    "--output",
    join(folder, "%(format_id)s.media"),
    "--no-quiet",
    "--no-simulate",
    "--print",
    `after_move:${fileMark}\t%(filepath)s`,
    "--print",
    `after_move:${chaptersMark}\t${chaptersTemplate}`,
    "--progress",
    "--newline",
    "--progress-delta",
    "0.5",
    "--progress-template",
    `download:${mark}\t%(progress.downloaded_bytes)s\t%(progress.total_bytes)s\t%(progress.total_bytes_estimate)s`,
    "--",
    url,
  ];
}

async function keep(file: string, { folder, into, url }: { folder: string; into: string; url: string }) {
  const path = resolve(file);
  if (!path.startsWith(resolve(folder) + sep)) throw new SourceFailed("unsupported", url);
  const bytes = await sizeOf(path);
  if (bytes === null || bytes === 0) throw new SourceFailed("empty", url);
  await rename(path, into);
  await rm(folder, { recursive: true, force: true });
  return bytes;
}

const chaptersPath = (into: string) => `${into}.chapters`;

const keptChapters = async (into: string) => chaptersOf(await readFile(chaptersPath(into), "utf8").catch(() => ""));

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );
