"""Instructions for communication: open user communication, Modbus TCP and Modbus RTU."""
