"""What ties the simulator to ministack: everything that knows an emulator's names is in this package."""
