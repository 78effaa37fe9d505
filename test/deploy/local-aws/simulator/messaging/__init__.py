"""What brings work to functions: EventBridge Scheduler, queues that AWS Lambda polls, and metrics in their logs. No network, no emulator."""
