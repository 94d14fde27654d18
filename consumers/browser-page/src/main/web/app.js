import { PushSocket } from 'postern';

const list = document.querySelector('ul');
const socket = new PushSocket('/push');
socket.onopen = () => socket.send('hello from the package');
socket.onmessage = ({ data }) => {
  list.appendChild(document.createElement('li')).textContent = data;
};
