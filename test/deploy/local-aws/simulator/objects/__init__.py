"""What Amazon S3 refuses of objects with a retention. No network, no emulator."""
