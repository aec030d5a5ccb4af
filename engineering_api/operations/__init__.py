"""Operations: how they are declared, and the steps in which a request runs one."""
