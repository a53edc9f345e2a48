-- A call's words are a person's or the agent's, a recording's those of a numbered voice.
ALTER TABLE "transcript_segment" ADD CONSTRAINT "segment_speaker_known" CHECK ("speaker" IN ('user', 'agent') OR "speaker" ~ '^SPEAKER_[0-9]{2,}$');
-- Only people have a voice of their own besides.
ALTER TABLE "transcript_segment" ADD CONSTRAINT "segment_label_known" CHECK ("label" IS NULL OR ("speaker" = 'user' AND "label" ~ '^SPEAKER_[0-9]{2,}$'));
