-- What videos are fetched with where the worker runs, noted as it starts, for administrators.
CREATE TABLE "worker_tools" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "node" TEXT NOT NULL,
    "python" TEXT,
    "ytdlp" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "worker_tools_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "worker_tools_one_check" CHECK (id = 1)
);
