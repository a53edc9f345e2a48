import type { NaiveDatabase } from "../meetings/schema.ts";

const shown = `SELECT jobs.id, jobs.video_id AS "videoId", videos.title AS "videoTitle", jobs.status,
    jobs.current_stage AS stage, jobs.progress_percentage AS progress, jobs.created_at AS "createdAt",
    jobs.updated_at AS "updatedAt"
  FROM jobs JOIN videos ON videos.id = jobs.video_id`;

const numberIn = (row: unknown, name: string) => Number((row as Record<string, unknown>)[name] ?? 0);

/** The reference design's job service, its bodies filled in as plainly as possible. */
export function createJobService(db: NaiveDatabase) {
  return {
    async getJobsByAgentId(agentId: string, page = 1, limit = 20) {
      const { rows: jobs } = await db.query(
        `${shown} WHERE jobs.agent_id = $1 ORDER BY jobs.created_at DESC LIMIT $2 OFFSET $3`,
        [agentId, limit, (page - 1) * limit],
      );
      const { rows } = await db.query("SELECT count(*) AS total FROM jobs WHERE agent_id = $1", [agentId]);
      const total = numberIn(rows[0], "total");
      return { jobs, total, page, totalPages: Math.ceil(total / limit) };
    },
    async getActiveJobs(agentId: string) {
      const open = `${shown} WHERE jobs.agent_id = $1 AND jobs.status IN ('pending', 'processing')`;
      return (await db.query(open, [agentId])).rows;
    },
    /** Whose job it is, nobody asks. */
    async getJobDetails(jobId: string) {
      return (await db.query(`${shown} WHERE jobs.id = $1`, [jobId])).rows[0] ?? null;
    },
    async getAgentStats(agentId: string) {
      const { rows } = await db.query(
        `SELECT (SELECT count(*) FROM videos WHERE agent_id = $1) AS videos,
                (SELECT count(*) FROM episodes WHERE agent_id = $1) AS episodes,
                (SELECT count(*) FROM episodes WHERE agent_id = $1 AND published) AS published,
                (SELECT count(*) FROM jobs WHERE agent_id = $1 AND status IN ('pending', 'processing')) AS active,
                (SELECT count(*) FROM jobs WHERE agent_id = $1 AND status = 'failed') AS failed`,
        [agentId],
      );
      const count = (name: string) => numberIn(rows[0], name);
      const [totalVideos, totalEpisodes] = [count("videos"), count("episodes")];
      return {
        totalVideos,
        totalEpisodes,
        publishedEpisodes: count("published"),
        unpublishedEpisodes: totalEpisodes - count("published"),
        activeJobs: count("active"),
        failedJobs: count("failed"),
        successRate: totalVideos === 0 ? 0 : Math.round((totalEpisodes / totalVideos) * 10_000) / 100,
      };
    },
  };
}
