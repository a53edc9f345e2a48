-- Recall.ai and Vexa tell how their bots fare, too.
ALTER TABLE "webhook_delivery" DROP CONSTRAINT "webhook_delivery_sender_known";
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_sender_known" CHECK ("sender" IN ('stream', 'practice', 'reconcile', 'attendee', 'recall', 'vexa'));
