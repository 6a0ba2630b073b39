//! Reset a Fireblocks console user's mobile device.
