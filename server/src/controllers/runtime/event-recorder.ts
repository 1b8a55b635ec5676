/** The recorder of controllers is everybody's. */
export { eventRecorder, type EventRecorder, type EventRecorderOptions } from '@naru/api/events/event-recorder';
