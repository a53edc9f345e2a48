import type { NaiveDatabase } from "../meetings/schema.ts";

// The application's own tables, which the reference design assumes.
const application = `
CREATE TABLE agents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  channel_id text NOT NULL
);
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid NOT NULL,
  youtube_video_id text NOT NULL,
  title text NOT NULL,
  published_at timestamp with time zone,
  status text NOT NULL DEFAULT 'discovered',
  UNIQUE (agent_id, youtube_video_id)
);
CREATE TABLE jobs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid NOT NULL,
  video_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now()
);
CREATE TABLE episodes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid NOT NULL,
  video_id uuid NOT NULL,
  audio_path text NOT NULL,
  published boolean NOT NULL
);`;

// Its migration. Nothing in what it shows writes either column.
const migration = `
ALTER TABLE jobs
  ADD COLUMN current_stage TEXT DEFAULT 'queued',
  ADD COLUMN progress_percentage INTEGER DEFAULT 0;`;

export async function createNaiveChannelTables(db: NaiveDatabase): Promise<void> {
  await db.query(application);
  await db.query(migration);
}
