
C
xPlaceholder*
dtype0*$
shape:ÿÿÿÿÿÿÿÿÿ
’
%einsum/Einsum/ReadVariableOp/resourceConst*
dtype0*U
valueLBJ"<ã0
¾C X¾• 3?v’>ÅrÆ>t;–¾A3Ž?-®|?ÊK§>CGÊ>÷Ð•¿W‚¼>?„å½”C€>¾¼É>
€
einsum/Einsum/ReadVariableOpIdentity%einsum/Einsum/ReadVariableOp/resource*
T0*&
 _has_manual_control_dependencies(
g
einsum/EinsumEinsumxeinsum/Einsum/ReadVariableOp*
T0*
N*
equationbhwc,cd->bhwd
S
NoOpNoOp^einsum/Einsum/ReadVariableOp*&
 _has_manual_control_dependencies(
3
IdentityIdentityeinsum/Einsum^NoOp*
T0"í