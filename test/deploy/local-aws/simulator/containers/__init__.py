"""Amazon ECS as far as its configuration goes, Application Auto Scaling, and replicas of images. No tasks run. No network, no emulator."""
