/** What the reference design asks of a database; a `pg` pool is one. */
export interface NaiveDatabase {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A row of `meetings` as the reference design reads it, joined with its agent where that is asked for. */
export interface MeetingRow {
  id: string;
  name: string;
  user_id: string;
  agent_id: string;
  prompt: string | null;
  progress: unknown[] | null;
}

export interface AgentRow {
  id: string;
  name: string;
  blueprint_snapshot: { sessions?: unknown[]; conversations?: unknown[] } | null;
}

// The application's own tables, which the reference design assumes.
const application = `
CREATE TYPE meeting_status AS ENUM ('upcoming', 'active', 'processing', 'completed', 'cancelled');
CREATE TABLE agents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  blueprint_snapshot jsonb
);
CREATE TABLE meetings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  user_id text NOT NULL,
  agent_id uuid NOT NULL,
  prompt text,
  status meeting_status NOT NULL DEFAULT 'upcoming',
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  summary text,
  progress jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now()
);`;

// Its migration. No unique constraint on (meeting_id, sequence_number), and the foreign key fails on a second run.
const migration = `
ALTER TYPE meeting_status ADD VALUE IF NOT EXISTS 'failed' BEFORE 'cancelled';
CREATE TABLE IF NOT EXISTS transcript_chunks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  meeting_id uuid NOT NULL,
  speaker_type varchar(10) NOT NULL CHECK (speaker_type IN ('user', 'agent')),
  text text NOT NULL,
  timestamp timestamp with time zone NOT NULL DEFAULT now(),
  sequence_number integer NOT NULL,
  created_at timestamp with time zone DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_transcript_chunks_meeting_sequence ON transcript_chunks (meeting_id, sequence_number);
CREATE INDEX IF NOT EXISTS idx_transcript_chunks_meeting_timestamp ON transcript_chunks (meeting_id, timestamp);
ALTER TABLE transcript_chunks ADD CONSTRAINT transcript_chunks_meeting_id_fk
  FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE CASCADE;
ALTER TABLE meetings
  ADD COLUMN IF NOT EXISTS error text,
  ADD COLUMN IF NOT EXISTS processing_started_at timestamp with time zone,
  ADD COLUMN IF NOT EXISTS transcript_collected boolean DEFAULT false;`;

/** Makes the tables in an empty database; a process that is started anew finds them there. */
export async function createNaiveTables(db: NaiveDatabase): Promise<void> {
  const { rows } = await db.query("SELECT 1 WHERE to_regclass('transcript_chunks') IS NOT NULL");
  if (rows.length > 0) return;
  await db.query(application);
  await db.query(migration);
}
