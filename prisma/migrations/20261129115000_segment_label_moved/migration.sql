-- A person may say whose words they are, of whatever source and whoever it took for their speaker.
ALTER TABLE "transcript_segment" DROP CONSTRAINT "segment_label_known";
ALTER TABLE "transcript_segment" ADD CONSTRAINT "segment_label_known" CHECK ("label" IS NULL OR "label" ~ '^(user|agent|SPEAKER_[0-9]{2,})$');
