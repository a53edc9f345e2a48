-- CreateIndex
CREATE INDEX "meeting_started_at_idx" ON "meeting"("started_at");

-- CreateIndex
CREATE INDEX "run_finished_at_idx" ON "run"("finished_at");

-- CreateIndex
CREATE INDEX "webhook_delivery_state_id_idx" ON "webhook_delivery"("state", "id");
